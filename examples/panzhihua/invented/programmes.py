"""The files about what is offered: classes of courses, and the sessions of every office."""

from __future__ import annotations

from random import Random

from invented.activities import Activities, Session
from invented.city import CITY, City
from invented.mess import wide, write_clock, write_date, write_minutes
from invented.sheets import Fault, Sheet
from invented.topics import AUDIENCES

_LAYOUTS: tuple[tuple[str, str, str, tuple[str, ...], str], ...] = (
    (CITY, "市本级", "utf-8", (),
     "code:场次编号 host:主办单位 on:活动日期 start:开始时间 theme:活动主题 minutes:时长 "
     "venue:场地 offering:班次编号 category:内容类别 form:形式 mode:方式 program:项目 audience:活动对象 note:备注"),
    ("510402", "东区", "utf-8-sig", ("东区社区教育活动场次表",),
     "code:活动编号 host:举办单位 on:开展日期 start:时刻 theme:活动名称 minutes:活动时长 "
     "venue:活动场所 offering:班级编号 category:活动类别 form:活动形式 mode:线上线下 "
     "program:品牌项目 audience:参加对象 note:备注"),
    ("510403", "西区", "", ("西区社区教育开课计划执行表", "2020—2022年"),
     "no:序号 code:场次编号 host:主办单位 on:活动日期 start:开始时间 theme:主题 minutes:时长（分钟） "
     "venue:场地 offering:班次 category:类别 form:形式 mode:方式 program:项目名称 audience:对象 note:备注"),
    ("510411", "仁和区", "gb18030", (),
     "code:场次编号 host:组织单位 on:日期 start:开始时间 theme:活动内容 minutes:时长 "
     "venue:地点 offering:班次编号 category:内容类别 form:形式 mode:方式 program:项目 audience:面向人群 note:备注"),
    ("510421", "米易县", "utf-8", (),
     "code:活动编号 on:活动时间 start:开始时间 host:开展单位 theme:活动主题 minutes:时长 "
     "venue:活动场所 offering:班次编号 category:内容类别 form:活动形式 mode:方式 "
     "program:项目 audience:活动对象 note:备注"),
    ("510422", "盐边县", "", (),
     "code:场次编号 host:主办单位 on:活动日期 start:开始时间 theme:活动主题 minutes:时长 venue:场地 offering:班次编号 "
     "category:内容类别 form:形式 mode:方式 program:项目 audience:活动对象 note:备注"),
)

#: Faults that sessions and ledgers share.
SESSION_FAULTS: dict[str, Fault] = {
    "required": {"theme": ""}, "required#host": {"host": ""}, "unknown_ref": {"host": "云上社区学校"},
    "not_a_date": {"on": "2022-2-30"}, "not_a_date#words": {"on": "上周五"},
    "date_without_day": {"on": "2022年5月"}, "date_in_future": {"on": "2202-05-06"},
    "negative": {"minutes": "-90"}, "too_large": {"minutes": "9000"}, "not_a_number": {"minutes": "半天"},
    "not_a_time": {"start": "下午两点"},
}


def session_row(rng: Random, session: Session, *, book: bool) -> dict[str, object]:
    """A session as a row, each field in one of its spellings."""
    return {
        "code": wide(session.code) if rng.random() < 0.01 else session.code,
        "host": session.host.code if rng.random() < 0.03 else session.host.name,
        "on": write_date(rng, session.on, book=book), "start": write_clock(rng, session.start, book=book),
        "theme": session.theme, "minutes": write_minutes(rng, session.minutes, book=book), "venue": session.venue,
        "offering": session.offering,
        # A class of a course says by its course what it is about.
        "category": "" if session.offering else session.topic.category, "form": session.topic.form,
        "mode": session.mode,
        "program": session.program, "audience": rng.choice(AUDIENCES[session.group]),
        "note": "已上传照片" if rng.random() < 0.05 else "",
    }


class ProgrammeFiles:
    """Makes the files of offerings and sessions."""

    def __init__(self, seed: int, city: City, activities: Activities) -> None:
        self.rng = Random(f"{seed}:programmes")
        self.city, self.activities = city, activities
        self._strangers = 0

    def offerings(self) -> Sheet:
        """Every class of a course."""
        columns = {
            "code": "班次编号", "course": "课程编号", "host": "办学机构", "since": "开班日期", "until": "结班日期",
            "note": "备注",
        }
        sheet = Sheet("市本级-开班计划.csv", "offering", CITY, columns, "utf-8-sig")
        rows = []
        for made in self.activities.offerings:
            rows.append({
                "code": made.code, "course": made.course, "host": made.host.name,
                "since": write_date(self.rng, made.since, book=False),
                "until": write_date(self.rng, made.until, book=False),
            })
            sheet.add(rows[-1])
        fresh = iter(range(1, 10_000))
        faults: dict[str, Fault] = {
            "unknown_ref": {"course": "KC999"}, "required": {"course": ""}, "not_a_date": {"since": "2022-3-32"},
        }
        sheet.spoil(self.rng, lambda: {**self.rng.choice(rows), "code": f"BCX-{next(fresh):04d}"}, faults)
        return sheet

    def sessions(self) -> list[Sheet]:
        """One sheet per office, in the order of import."""
        return [self._sessions(*layout) for layout in _LAYOUTS]

    def _sessions(self, key: str, name: str, encoding: str, titles: tuple[str, ...], columns: str) -> Sheet:
        header = dict(pair.split(":") for pair in columns.split())
        sheet = Sheet(f"{name}-活动场次{'.csv' if encoding else '.xlsx'}", "session", key, header, encoding, titles)
        own = [s for s in self.activities.sessions if s.county == key]
        for session in own:
            sheet.add(session_row(self.rng, session, book=sheet.is_book))
        faults: dict[str, Fault] = {
            **SESSION_FAULTS, "scientific": {"code": "5.1E+11"}, "unknown_choice": {"mode": "视情况"},
        }
        sheet.spoil(self.rng, lambda: self._stranger(self.rng.choice(own), book=sheet.is_book), faults)
        if "no" in sheet.columns:
            for number, line in enumerate(sheet.lines, start=1):
                line.cells[0] = number
        return sheet

    def _stranger(self, like: Session, *, book: bool) -> dict[str, object]:
        """The right row of a session that is nowhere else."""
        self._strangers += 1
        code, theme = f"CCX-{self._strangers:06d}", f"{like.theme}（补{self._strangers}）"
        return {**session_row(self.rng, like, book=book), "minutes": "60", "code": code, "theme": theme}
