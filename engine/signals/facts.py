"""Messages to facts: the columns that a plan's expressions look at."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from engine.language.syntax import Phrase
from engine.message import FIELD, Kind
from engine.plan import PERSONAL_DATA, QUESTION, Plan
from engine.signals import hostility, language, personal_data, questions, sentiment, specificity, troll
from engine.signals.terms import Matches, Scanner


class FactReader:
    """Reads the facts of one plan; built once a run, since building the automaton costs more than a small batch."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.wants = set(plan.signals) | set(plan.text_facts)
        lists: dict[str, tuple[Phrase | str, ...]] = dict(plan.lists)
        if self.wants & {"hostility", "troll"}:
            lists |= hostility.lists()
        if self.wants & {"specificity", "troll"}:
            lists |= specificity.lists()
        if "troll" in self.wants:
            lists |= troll.lists()
        if QUESTION in self.wants:
            lists |= questions.lists()
        self.counted = list(lists)
        if "sentiment" in self.wants:
            lists |= sentiment.lists()
        self.scanner = Scanner(lists)
        if "sentiment" in self.wants:
            self.valences = sentiment.values_of(self.scanner)
            self.member = {name: self.scanner.in_list(name) for name in sentiment.lists()}

    def read(self, messages: pl.DataFrame) -> pl.DataFrame:
        """The facts of each message, one row each: fields, signals, term counts.

        Texts that conditions compare are NFKC-normalised and in lower case; durations are seconds. Counts are UInt16,
        signals Float64, null where unknown.
        """
        texts = messages["text"]
        matches = self.scanner.scan(texts)
        counted = self.scanner.counts(matches, texts, self.counted)
        facts = [self._field(messages, name) for name in self.plan.fields]
        facts += [counted[name].alias(name) for name in self.plan.lists]
        facts += [series.alias(name) for name, series in self._signals(messages, matches, counted).items()]
        return pl.DataFrame(facts) if facts else pl.DataFrame({"": pl.repeat(0, messages.height, eager=True)})

    def found_terms(self, text: str) -> dict[str, list[str]]:
        """The terms of each of the playbook's lists that a text mentions, in the order of the lists."""
        matches = self.scanner.scan(pl.Series([text]))
        found: dict[str, list[str]] = {}
        for name in self.plan.lists:
            member = self.scanner.in_list(name)
            numbers = sorted({n for n in matches.term.tolist() if member[n]})
            found[name] = [self.scanner.terms[n].text for n in numbers]
            patterns = self.scanner.patterns.get(name, ())
            plain = pl.Series([text]).str.normalize("NFKC")
            found[name] += [f"/{one}/" for one in patterns if plain.str.contains(f"(?i){one}")[0]]
        return found

    def _field(self, messages: pl.DataFrame, name: str) -> pl.Series:
        column = messages[name] if name in messages.columns else pl.repeat(None, messages.height, eager=True)
        if column.dtype == pl.String:
            return _plain(column).alias(name)
        if column.dtype == pl.List(pl.String):
            return column.list.eval(pl.element().str.normalize("NFKC").str.to_lowercase()).alias(name)
        return column.alias(name)

    def _signals(self, messages: pl.DataFrame, matches: Matches, counted: dict[str, pl.Series]) -> dict[str, pl.Series]:
        texts = messages["text"]
        counts: dict[str, npt.NDArray[np.uint16]] = {name: one.to_numpy() for name, one in counted.items()}
        wordless = ~texts.str.contains(r"\S").fill_null(value=False)
        found: dict[str, npt.NDArray[np.float64]] = {}
        if "sentiment" in self.wants:
            found["sentiment"] = sentiment.measure(matches, self.valences, self.member)
        if self.wants & {"hostility", "troll"}:
            found["hostility"] = hostility.measure(counts)
        if self.wants & {"specificity", "troll"}:
            found["specificity"] = specificity.measure(counts, texts)
        if "troll" in self.wants:
            found["troll"] = troll.measure(found["hostility"], found["specificity"], counts)
        signals = {
            name: pl.select(pl.when(~wordless).then(pl.Series(values.round(4)))).to_series()
            for name, values in found.items()
            if name in self.wants
        }
        if "sentiment" in signals and "sentiment" in messages.columns:
            signals["sentiment"] = pl.select(pl.coalesce(messages["sentiment"], signals["sentiment"])).to_series()
        if PERSONAL_DATA in self.wants:
            signals[PERSONAL_DATA] = pl.Series(personal_data.measure(texts))
        if QUESTION in self.wants:
            signals[QUESTION] = pl.Series(questions.measure(counts, texts))
        return signals


def _plain(column: pl.Series) -> pl.Series:
    """NFKC and lower case; folding is skipped where every value is ASCII, as channels and languages are."""
    data = column.to_arrow(compat_level=pl.CompatLevel.oldest()).buffers()[2]
    ascii_only = data is None or data.to_pybytes().isascii()
    return (column if ascii_only else column.str.normalize("NFKC")).str.to_lowercase()


def with_language(messages: pl.DataFrame) -> pl.DataFrame:
    """The messages with `lang` guessed where it is missing."""
    missing = messages["lang"].is_null().arg_true()
    if not len(missing):
        return messages
    guessed = language.guess(messages["text"].gather(missing))
    return messages.with_columns(messages["lang"].cast(pl.String).scatter(missing, guessed).alias("lang"))


def kinds_of(plan: Plan) -> dict[str, Kind]:
    """The kind of each message field that the plan looks at."""
    return {name: plan.declared.get(name) or FIELD[name].kind for name in plan.fields}
