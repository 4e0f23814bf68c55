import re

from pytest_bdd import given, parsers, scenarios, then, when

scenarios("japanese_playbook.feature")

DECISIONS = {
    "公開で答える": "respond publicly",
    "個別に対応する": "take private",
    "返信はいらない": "no reply needed",
}


def in_brackets(text):
    return re.findall(r"「([^」]*)」", text)


@given("プレイブック")
def playbook(desk, docstring):
    desk.write_playbook(docstring + "\n")


@when(parsers.re(r"(?P<person>[ァ-ヶ]+)が「(?P<text>.*)」と書く"))
def writes(desk, person, text):
    desk.decide({"author.name": person, "text": text})


@when(parsers.re(r"フォロワー(?P<followers>\d+)(?P<thousands>k?)人の(?P<person>[ァ-ヶ]+)が「(?P<text>.*)」と書く"))
def followed_writes(desk, followers, thousands, person, text):
    counted = int(followers) * (1000 if thousands else 1)
    desk.decide(
        {"author.name": person, "text": text, "author.followers": counted, "shares": 0, "extra.会員種別": "一般"}
    )


@when(parsers.re(r"会員種別が「(?P<plan>.*)」の(?P<person>[ァ-ヶ]+)が「(?P<text>.*)」と書く"))
def member_writes(desk, plan, person, text):
    desk.decide({"author.name": person, "text": text, "extra.会員種別": plan})


@then(parsers.re(r"(?P<team>.+)へ渡す"))
def handed_off(desk, team):
    assert (desk.record["decision"], desk.record["team"]) == ("hand off", team)


@then(parsers.re("(?P<words>" + "|".join(DECISIONS) + ")"))
def decided(desk, words):
    assert desk.record["decision"] == DECISIONS[words]


@then(parsers.parse("理由は「{because}」"))
def because(desk, because):
    assert desk.record["because"] == because


@then(parsers.parse("深刻度は「{level}」"))
def severity(desk, level):
    assert desk.record["深刻度"] == level


@then(parsers.re("タグは(?P<tags>.+)"))
def tags(desk, tags):
    assert desk.record["tags"] == in_brackets(tags)


@then(parsers.parse("返信案は「{reply}」"))
def reply(desk, reply):
    assert desk.record["reply"] == reply


@then(parsers.re("わからなかった項目は(?P<facts>.+)"))
def unknown(desk, facts):
    assert desk.record["unknown"] == in_brackets(facts)
