"""Every way in which a row can be wrong, as data: a code and a sentence in zh and en.

No sentence quotes a personal value: a problem names the field and the cell, and says what to do.
"""

from __future__ import annotations

import attrs

from commlms.core.labels import Label, Lang

PROBLEMS: dict[str, Label] = {
    "required": Label("「{field}」必填，这里是空的，请补上", "{field} is required but empty; fill it in"),
    "not_a_date": Label(
        "「{field}」不是日期；请写成 2022-03-05、2022.3.5 或 2022年3月5日",
        "{field} is not a date; write 2022-03-05, 2022.3.5 or 2022年3月5日",
    ),
    "date_without_day": Label(
        "「{field}」缺少日；请写全年月日", "{field} lacks the day; write year, month and day"
    ),
    "date_with_time": Label(
        "「{field}」里还有时刻；请只写日期，时刻写到另一栏",
        "{field} holds a time of day too; write the date alone and the time in its own column",
    ),
    "year_unknown": Label(
        "「{field}」没有年份；请写全年月日，或在 commlms take 时用 --year 指明年份",
        "{field} has no year; write year, month and day, or name the year with 'commlms take --year'",
    ),
    "fraction_day": Label(
        "「{field}」存成了小数，分不清是 3.1（3月1日）还是 3.10（3月10日）这样的日子；请把该列设为文本，写成 2022-03-01",
        "{field} sits in the cell as a fraction, where 3.1 (1 March) and 3.10 (10 March) look alike; format the column as text and "
        "write 2022-03-01",
    ),
    "lunar_needs_office": Label(
        "「{field}」是农历；换算需要安装：pip install 'commlms[office]'，或改写为公历",
        "{field} is a lunar day; to convert it run pip install 'commlms[office]', or write the solar day",
    ),
    "unknown_mark": Label(
        "考勤符号不在图例里；请改用图例中的符号，或把它写进图例（如：图例：√出勤 ×缺勤）",
        "the attendance mark is not in the legend; use one that is, or add it to the legend (such as 图例：√出勤 ×缺勤)",
    ),
    "no_table": Label(
        "没有认出表格；请核对表头，或用 commlms columns 指明各列",
        "no table was recognised; check the header, or say with 'commlms columns' what the columns are",
    ),
    "month_unknown": Label(
        "考勤表只有日，没有年月；请在标题或工作表名里写上年月（如 2022年3月）",
        "the attendance grid has days but no month; write year and month in its title or the sheet's name (such as 2022年3月)",
    ),
    "date_in_future": Label(
        "「{field}」在今天（{today}）之后，请核对年份", "{field} is after today ({today}); check the year"
    ),
    "too_old": Label(
        "「{field}」意味着年龄超过 120 岁，请核对", "{field} means an age over 120; check it"
    ),
    "not_a_period": Label(
        "「{field}」不是时期；请写成 2022、2022H1、2022Q3、2022-03 或 2022S（学年）",
        "{field} is not a period; write 2022, 2022H1, 2022Q3, 2022-03 or 2022S (school year)",
    ),
    "not_a_time": Label("「{field}」不是时刻；请写成 09:30", "{field} is not a time; write 09:30"),
    "not_a_number": Label("「{field}」不是整数，请只写数字", "{field} is not a whole number; write digits alone"),
    "negative": Label("「{field}」不能是负数，请核对", "{field} cannot be negative; check it"),
    "too_large": Label(
        "「{field}」超过上限 {limit}，请核对单位", "{field} is over the limit of {limit}; check the unit"
    ),
    "too_many_decimals": Label(
        "「{field}」最多两位小数，请改写", "{field} has more than two decimals; write two at most"
    ),
    "not_money": Label(
        "「{field}」不是金额；请写成 1200.50、3,000元 或 12.5万元，没有就留空",
        "{field} is no sum of money; write 1200.50, 3,000元 or 12.5万元, and leave it empty if there is none",
    ),
    "negative_money": Label(
        "「{field}」是负数，金额不能为负；退回、冲减的，请改原来那一行的金额",
        "{field} is below zero, which no sum of money can be; for a refund or a correction change the row it is about",
    ),
    "below_fen": Label(
        "「{field}」不足一分，无法精确保存；金额最多到分（元后两位小数，万元后六位小数），请改写",
        "{field} has a part of a fen, which cannot be kept exactly; write two decimals of a yuan at most, six of 万元",
    ),
    "money_unit": Label(
        "「{field}」的单位不能换算成人民币元；请在表头或格内写明一个单位：元、千元、万元、亿元（人均数请换成总额）",
        "the unit of {field} cannot be converted to yuan; name one unit in the header or the cell: 元, 千元, 万元, 亿元 (of a sum per head "
        "write the whole sum)",
    ),
    "not_an_area": Label(
        "「{field}」不是面积；请写成 500、523.5 或 500平方米", "{field} is no number of square metres; write 500, 523.5 or 500平方米"
    ),
    "area_unit": Label(
        "「{field}」的单位不是平方米；亩、公顷等不作换算，请按用房的建筑面积写成平方米",
        "the unit of {field} is not the square metre; 亩, hectares and the like are not converted, write the floor area in square metres",
    ),
    "unknown_choice": Label(
        "「{field}」应写这些之一：{choices}", "{field} must be one of: {choices}"
    ),
    "id_checksum": Label(
        "身份证号校验位不对，请对照证件重新录入", "the ID number fails its check digit; type it again from the card"
    ),
    "id_form": Label(
        "身份证号应为 18 位（末位可为 X），请对照证件重新录入",
        "an ID number has 18 characters (the last may be X); type it again from the card",
    ),
    "id_numeric": Label(
        "身份证号存成了数字，末几位已经丢失；请把该列设为文本后重新录入",
        "the ID number sits in a numeric cell and has lost its last digits; format the column as text and type it again",
    ),
    "id_birth": Label(
        "身份证号中的出生日期与「{field}」不一致，请对照证件更正其中一项",
        "the birth date inside the ID number contradicts {field}; correct one of them from the card",
    ),
    "id_sex": Label(
        "身份证号中的性别与「{field}」不一致，请对照证件更正其中一项",
        "the sex inside the ID number contradicts {field}; correct one of them from the card",
    ),
    "id_stored": Label(
        "身份证号与库中此人的「{field}」不一致；请核对是否写错了人，或用 commlms set 更正库中的",
        "the ID number contradicts the stored {field} of this person; check whether it is another person, or correct it with 'commlms set'",
    ),
    "id_needs_key": Label(
        "有身份证号，但本机没有单位密钥；请先运行 commlms key new",
        "there is an ID number but no office key here; run 'commlms key new' first",
    ),
    "scientific": Label(
        "「{field}」被表格软件改成了科学计数（如 5.1E+11），已经丢失数字；请把该列设为文本后重新录入",
        "{field} was turned into scientific notation (such as 5.1E+11) and lost digits; format the column as text and type it again",
    ),
    "fraction_code": Label(
        "「{field}」是编号，却存成了小数；请把该列设为文本后重新录入",
        "{field} is a code but sits in the cell as a fraction; format the column as text and type it again",
    ),
    "fraction_month": Label(
        "「{field}」存成了小数，分不清是 1 月还是 10 月；请把该列设为文本后重新录入",
        "{field} sits in the cell as a fraction, where January and October look alike; format the column as text and type it again",
    ),
    "date_cell": Label(
        "「{field}」被表格软件改成了日期；请把该列设为文本后重新录入",
        "{field} was turned into a date; format the column as text and type it again",
    ),
    "boolean": Label(
        "「{field}」是真假值（TRUE、FALSE），不是文字或数字；请重新录入",
        "{field} is TRUE or FALSE, not a text or a number; type it again",
    ),
    "not_one_value": Label(
        "「{field}」不是一个值，而是一串；请只给一个值", "{field} is a list or an object, not one value; give one value"
    ),
    "cell_error": Label(
        "「{field}」是公式错误（如 #N/A）；请改成数值或文字", "{field} is a formula error such as #N/A; write the value itself"
    ),
    "not_computed": Label(
        "「{field}」的公式还没有算出结果；请用表格软件打开并保存一次",
        "the formula in {field} has no result yet; open the file in a spreadsheet program and save it",
    ),
    "merged_cell": Label(
        "「{field}」与上面的行合并了单元格；请取消合并，每行都写上",
        "{field} is merged with the row above; unmerge the cells and write the value in every row",
    ),
    "unknown_place": Label(
        "找不到「{field}」所写的地点；请用代码，或写全名",
        "the place in {field} is not known; use its code or its full name",
    ),
    "ambiguous_place": Label(
        "「{field}」所写的地点不止一个：{candidates}；请用代码",
        "the place in {field} could be any of {candidates}; use the code",
    ),
    "unknown_learner": Label(
        "找不到这位学员；请用学员编号，或姓名加出生日期",
        "the person is not known; use the learner code, or name and birth date",
    ),
    "ambiguous_learner": Label(
        "有 {count} 位学员符合；请用学员编号", "{count} learners fit; use the learner code"
    ),
    "ambiguous_row": Label(
        "库中有 {count} 条「{target}」符合；请加上编号", "{count} stored {target} records fit; add the code"
    ),
    "ambiguous_birth": Label(
        "库中有 {count} 位同名的人，「{field}」对得上，只是写得详略不同；是同一人请填其学员编号，不是请填新编号",
        "{count} stored people of that name fit, with {field} told less or more exactly; add the learner code, a new one for somebody else",
    ),
    "weak_learner": Label(
        "只有姓名不能确定一个人；请加学员编号、身份证号或出生日期",
        "a name alone does not identify a person; add the code, the ID number or the birth date",
    ),
    "unknown_session": Label(
        "找不到这一场活动；请用场次编号，或主办单位、日期、开始时间和主题",
        "the session is not known; use its code, or organiser, date, start and theme",
    ),
    "ambiguous_session": Label(
        "有 {count} 场活动符合；请用场次编号或加上开始时间",
        "{count} sessions fit; use the session code or add the start time",
    ),
    "no_organiser": Label(
        "没有写「{field}」，报送地点也没有唯一的机构；请补上「{field}」一栏，或用 --under 指明由哪里报送",
        "{field} is not given, and the sender has not just one institution; add a column for {field}, or name the sender with --under",
    ),
    "unknown_ref": Label(
        "「{field}」在「{target}」中找不到；请核对，或先导入「{target}」",
        "{field} is not found among the {target} records; check it, or import the {target} first",
    ),
    "ambiguous_ref": Label(
        "「{field}」在「{target}」中有 {count} 条符合；请用编号",
        "{field} fits {count} {target} records; use the code",
    ),
    "duplicate": Label(
        "与本文件第 {line} 行重复；请删去一行，或补上能区分的内容",
        "the same as line {line} of this file; delete one of them, or add what tells them apart",
    ),
    "conflict": Label(
        "「{field}」与库中已有的不一致；如是更正，请用 commlms set；如是变动，请填「{since}」",
        "{field} differs from what is stored; to correct it use 'commlms set', for a change fill in {since}",
    ),
    "identity_clash": Label(
        "「{field}」已属于另一条记录；请核对是否写错，或是同一条",
        "{field} already belongs to another record; check for a mistake, or whether it is the same",
    ),
    "row_short": Label(
        "这一行只有 {cells} 格，表头有 {headers} 格；请补齐", "the row has {cells} cells, the header {headers}; fill in the missing ones"
    ),
    "row_long": Label(
        "这一行有 {cells} 格，表头只有 {headers} 格；多出的格会丢失，请核对是否错了列、多了分隔符，或缺了表头",
        "the row has {cells} cells, the header only {headers}; the extra ones would be lost, look for shifted cells, a separator too many "
        "or a missing header",
    ),
    "cell_too_long": Label(
        "「{field}」有 {length} 个字符，超过 {limit}；请缩短", "{field} has {length} characters, over the limit of {limit}; shorten it"
    ),
    "control_character": Label(
        "「{field}」含有控制字符或乱码（�），请重新录入", "{field} contains control characters or lost ones (�); type it again"
    ),
    "date_too_early": Label("「{field}」早于 1900 年，请核对年份", "{field} is before 1900; check the year"),
    "cycle": Label(
        "「{field}」形成循环：它会排在自己的下级之下，请核对", "{field} makes a circle: the row would stand below itself; check it"
    ),
    "ends_before_start": Label(
        "「{field}」早于开始日期，请核对", "{field} lies before the start; check both dates"
    ),
    "state_before_last": Label(
        "「{field}」早于库中最近一次变动；请先更正后面的记录",
        "{field} lies before the latest stored change; correct the later one first",
    ),
    "objection": Label("{zh}", "{en}"),
}

#: The column by which a change is told from a correction; ``conflict`` and its like name it.
SINCE = Label("变动日期", "since")


@attrs.frozen
class Problem:
    """One objection to one row: where (line, cell, field) and what (code, values).

    ``file`` and, where that has several, ``sheet`` are named in front when it is said.
    """

    code: str
    field: str = ""
    line: int = 0
    cell: str = ""
    values: dict[str, object] = attrs.field(factory=dict, eq=False)
    file: str = attrs.field(default="", eq=False)
    sheet: str = attrs.field(default="", eq=False)

    def label(self) -> Label:
        """The sentence without its place, in both languages."""
        template = PROBLEMS[self.code]
        return Label(template.say("zh", **self.values), template.say("en", **self.values))

    def say(self, lang: Lang) -> str:
        """The sentence with file, sheet, line and cell in front, as far as they are known."""
        text, where = self.label().say(lang), self.file
        if self.sheet:
            where += f"〔{self.sheet}〕" if lang == "zh" else f" [{self.sheet}]"
        if self.line and lang == "zh":
            where += f"{' ' * (where[-1:] != '〕' and bool(where))}第 {self.line} 行" + (f"（{self.cell}）" if self.cell else "")
        elif self.line:
            where += f"{', ' * bool(where)}line {self.line}" + (f" ({self.cell})" if self.cell else "")
        return f"{where}{'：' if lang == 'zh' else ': '}{text}" if where else text


@attrs.frozen
class Objection:
    """What a plugin's ``check_rows`` has against one row: its line, the field, and a sentence in zh and en."""

    line: int
    field: str
    zh: str
    en: str

    def problem(self) -> Problem:
        """The objection as a problem of the row."""
        return Problem("objection", self.field, self.line, "", {"zh": self.zh, "en": self.en})
