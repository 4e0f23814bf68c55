"""Everything that knows about time: business hours, deadlines, ladders. All time is the message's, never the wall clock's.

Reading order: `hours`, `due`.
"""

from engine.clock.due import CLOCK_COLUMNS, NOTIFY, WAITING, due, due_one, notify_one
from engine.clock.hours import Calendar

__all__ = ["CLOCK_COLUMNS", "NOTIFY", "WAITING", "Calendar", "due", "due_one", "notify_one"]
