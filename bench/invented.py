"""An invented city as SQL: every row is arithmetic on its number, so that DuckDB writes ten millions in seconds, always the same.

Only the bench reads this. Names are drawn from short lists; nobody in it exists.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.scales import Scale

if TYPE_CHECKING:
    import duckdb

#: Sessions without anybody, late in the last year: what check-ins and the import beside them fill.
OPEN_SESSIONS = 40
_FAMILY, _GIVEN = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗", "伟芳娜敏静丽强磊军洋艳勇杰娟涛明超秀霞平刚桂"

_TABLES = """
CREATE TABLE district AS SELECT d, '9901' || lpad((d + 1)::VARCHAR, 2, '0') AS code FROM range({districts}) t(d);
CREATE TABLE street AS SELECT t AS s, d.code || lpad((t // {districts} + 1)::VARCHAR, 3, '0') AS code, d.code AS parent,
    CASE WHEN t % 3 = 2 THEN '镇' ELSE '街道' END AS kind
    FROM range({streets}) u(t) JOIN district d ON d.d = t % {districts};
CREATE TABLE village AS SELECT v, s.code || lpad((v // {streets} + 1)::VARCHAR, 3, '0') AS code, s.code AS parent,
    s.kind = '镇' AS rural FROM range({villages}) u(v) JOIN street s ON s.s = v % {streets};
CREATE TABLE place AS
    SELECT 0 AS n, '9901' AS code, '晴市' AS name, '市' AS level, NULL AS kind, NULL AS area, NULL AS parent
    UNION ALL SELECT 1 + d, code, '晴' || d || '区', '县（区）', NULL, NULL, '9901' FROM district
    UNION ALL SELECT 1 + {districts} + s, code, '第' || s || kind, '乡镇（街道）', kind, NULL, parent FROM street
    UNION ALL SELECT 1 + {districts} + {streets} + v, code, '第' || v || CASE WHEN rural THEN '村' ELSE '社区' END, '村（社区）',
        CASE WHEN rural THEN '村' ELSE '社区' END, CASE WHEN rural THEN '农村' ELSE '城镇' END, parent FROM village;
CREATE TABLE session AS SELECT i,
    CASE WHEN i < {sessions} THEN 'S' || lpad(i::VARCHAR, 6, '0') ELSE 'N' || lpad((i - {sessions})::VARCHAR, 3, '0') END AS code,
    'I' || p.code AS institution, CASE WHEN i < {sessions} THEN DATE '2020-01-01' + (i * 1090 // {sessions})::INTEGER
    ELSE DATE '2022-12-28' END AS day
    FROM range({sessions} + {open}) t(i) JOIN place p ON p.n = 1 + (i * 41) % (SELECT COUNT(*) - 1 FROM place);
CREATE TABLE participation AS SELECT l, s, CASE WHEN l % 3 = 0 THEN 30 + 15 * (s % 5) END AS minutes FROM (
    SELECT l, ((l * 7919) % {sessions} + k * (1 + (l * 31) % ({sessions} // (2 * {each})))) % {sessions} AS s
    FROM range({learners}) t(l), range(2 * {each}) u(k) WHERE k < 1 + 2 * ((l * 7919) % {each})) ORDER BY s, l;
"""

#: The files of the small registers, in the order they are imported.
_FILES = {
    "place": 'SELECT code AS 代码, name AS 名称, level AS 级别, kind AS 类别, area AS 城乡, parent AS 上级代码 FROM place ORDER BY n',
    "residents": """
        SELECT code AS 地点, day AS 日期, '常住' AS 口径, "group" AS 人群, (800 + n % 700) * share // 100 AS 人数, '普查' AS 性质
        FROM place, (VALUES ('全部', 100), ('老年人', 22), ('未成年人', 18), ('从业人员', 55)) g("group", share),
        (VALUES ('2019-12-31'), ('2021-12-31')) d(day) WHERE level = '村（社区）' ORDER BY 1, 2, 4""",
    "institution": """
        SELECT 'I' || code AS 机构编号, name || '学校' AS 机构名称, code AS 所在地,
        CASE WHEN n % 9 = 0 THEN '老年学习点' ELSE '社区学校' END AS 机构类型 FROM place ORDER BY n""",
    "course": """
        SELECT 'K' || lpad(k::VARCHAR, 3, '0') AS 课程编号, '课程' || k AS 课程名称,
        ['智慧助老', '实用技术技能', '城市文明', '技能培训', '学历提升', '科学文化'][1 + k % 6] AS 内容类别, 600 AS 课程时长
        FROM range(60) t(k)""",
    "offering": """
        SELECT 'B' || lpad(b::VARCHAR, 4, '0') AS 班次编号, 'K' || lpad((b % 60)::VARCHAR, 3, '0') AS 课程, 'I' || p.code AS 办学机构
        FROM range(2000) t(b) JOIN place p ON p.n = b % (SELECT COUNT(*) FROM place)""",
    "session": """
        SELECT code AS 场次编号, institution AS 主办单位, day AS 活动日期, CASE WHEN i % 15 = 0 THEN '16:30' ELSE '09:00' END AS 开始时间,
        '活动' || i AS 活动主题, 45 + 15 * (i % 4) AS "时长（分钟）",
        CASE WHEN i % 3 > 0 THEN ['智慧助老', '实用技术技能', '城市文明', '技能培训', '学历提升', '思想道德'][1 + i % 6] END AS 内容类别,
        ['授课', '讲座', '实训', '沙龙'][1 + i % 4] AS 形式, ['线下', '线下', '线下', '线上', '自学'][1 + i % 5] AS 方式,
        CASE WHEN i % 15 = 0 AND isodow(day) <= 5 THEN '430学堂' END AS 项目, CASE WHEN i % 7 = 0 THEN '老年人' END AS 活动对象,
        CASE WHEN i % 3 = 0 THEN 'B' || lpad((i % 2000)::VARCHAR, 4, '0') END AS 班次 FROM session ORDER BY i""",
    "headcount": """
        SELECT code AS 场次编号, CASE WHEN i % 4 = 0 THEN '另计' ELSE '到场' END AS 计数方式, "group" AS 人群, n AS 人数 FROM session,
        (VALUES (NULL, 260, 3), ('老年人', 90, 6)) g("group", n, every) WHERE i % every = 0 ORDER BY i""",
}

#: What is put into tables directly where an import would take minutes: the columns, and the query. ``home`` maps codes to ids.
_ROWS = {
    ("learner", "id code name sex born_first born_last id_number_digest id_number_masked"): """
        SELECT l + 1, 'L' || lpad(l::VARCHAR, 7, '0'),
        '{family}'[1 + l % 20] || '{given}'[1 + l // 20 % 22] || '{given}'[1 + l // 440 % 22],
        CASE WHEN l % 2 = 0 THEN 'female' ELSE 'male' END,
        (1935 + l * 7 % 84) * 10000 + CASE WHEN l % 10 = 0 THEN 101 ELSE (1 + l % 12) * 100 + 1 + l % 28 END,
        (1935 + l * 7 % 84) * 10000 + CASE WHEN l % 10 = 0 THEN 1231 ELSE (1 + l % 12) * 100 + 1 + l % 28 END,
        CASE WHEN l % 3 > 0 THEN sha256(l::VARCHAR) END, CASE WHEN l % 3 > 0 THEN '990**************' || l % 10 END
        FROM range({learners}) t(l)""",
    ("learner_state", "owner since until home hukou occupation"): """
        SELECT * FROM (SELECT l + 1, CASE WHEN step = 0 THEN 0 ELSE 20210901 END,
        CASE WHEN step = 0 AND l % 10 = 3 THEN 20210901 ELSE 99991231 END,
        CASE WHEN l % 50 = 0 THEN NULL WHEN l % 20 = 1 THEN s.id ELSE v.id END,
        ['local_urban', 'local_rural', 'other_urban', 'other_rural'][1 + l // 3 % 4],
        ['farmer', 'worker', 'employed', 'self_employed', 'unemployed', 'student', 'retired', 'other'][1 + (l // 7 + step) % 8]
        FROM range({learners}) t(l), range(2) u(step) JOIN home v ON v.n = 1 + {districts} + {streets} + (l * 37 + step * 1009) % {villages}
        JOIN home s ON s.n = 1 + {districts} + l % {streets} WHERE step = 0 OR l % 10 = 3) ORDER BY 1, 2""",
    ("standing", "learner group since until"): """
        SELECT l + 1, ['left_behind', 'new_type_farmer', 'new_citizen'][1 + l % 3], 20190301 + l % 3 * 10000,
        CASE WHEN l % 4 = 0 THEN 20220630 END FROM range({learners}) t(l) WHERE l % 17 = 0""",
    ("farmers_certificate", "learner grade since until"): """
        SELECT l + 1, ['初级', '中级', '高级'][1 + l % 3], 20200615, CASE WHEN l % 5 = 0 THEN 20230615 END
        FROM range({learners}) t(l) WHERE l % 101 = 0""",
    ("youth_enrolment", "learner institution since goes_home"): """
        SELECT l + 1, 1 + l % 20, 20210901, 'collected' FROM range({learners}) t(l) WHERE l % 97 = 0 AND 1935 + l * 7 % 84 > 2006""",
}


class InventedCity:
    """The city's rows, in a DuckDB in memory."""

    def __init__(self, scale: Scale) -> None:
        import duckdb

        self.scale = scale
        self.words = {
            "districts": scale.districts, "streets": scale.streets, "villages": scale.villages, "sessions": scale.sessions,
            "learners": scale.learners, "each": scale.per_learner, "open": OPEN_SESSIONS, "family": _FAMILY, "given": _GIVEN,
        }
        self.connection: duckdb.DuckDBPyConnection = duckdb.connect()
        for statement in _TABLES.format(**self.words).split(";\n"):
            if statement.strip():
                self.connection.execute(statement)

    def registers(self, folder: Path) -> Iterator[tuple[str, Path]]:
        """The small registers as CSV files, in an order in which they can be imported: record, path."""
        for record, query in _FILES.items():
            yield record, self._csv(folder / f"{record}.csv", query)

    def participations(self, path: Path, first: int, count: int) -> Path:
        """Sign-ins as a CSV file by codes, in the order of the days: ``count`` rows from the row ``first``."""
        return self._csv(path, f"""
            SELECT 'L' || lpad(l::VARCHAR, 7, '0') AS 学员编号, 'S' || lpad(s::VARCHAR, 6, '0') AS 场次编号, minutes AS 参与时长
            FROM participation WHERE rowid >= {first} AND rowid < {first + count} ORDER BY rowid""")

    def rows(self, homes: list[tuple[str, int]]) -> Iterator[tuple[str, list[str], Iterator[list[tuple[Any, ...]]]]]:
        """What goes into tables directly: table, columns, chunks of rows. ``homes`` are the places' codes and ids."""
        self.connection.execute("CREATE OR REPLACE TABLE ids (code VARCHAR, id BIGINT)")
        self.connection.executemany("INSERT INTO ids VALUES (?, ?)", homes)
        self.connection.execute("CREATE OR REPLACE TABLE home AS SELECT n, id FROM place JOIN ids USING (code)")
        for (table, columns), query in _ROWS.items():
            cursor = self.connection.cursor().execute(query.format(**self.words))
            yield table, columns.split(), iter(partial(cursor.fetchmany, 100_000), [])

    def _csv(self, path: Path, query: str) -> Path:
        self.connection.execute(f"COPY ({query}) TO '{path}' (FORMAT csv, HEADER)")
        return path
