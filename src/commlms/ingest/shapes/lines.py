"""Which lines of a sheet are no rows: examples, totals, signatures, legends, notes. They are shown and not counted."""

from __future__ import annotations

import re
from collections.abc import Set

from commlms.core.text import key_of
from commlms.ingest.columns import is_sum
from commlms.ingest.shapes.grid import Line

_SERIAL = re.compile(r"^[(（]?\d{1,5}[)）.、]?$")
_SERIAL_WORDS = {key_of(w) for w in ("序号", "序", "编号序", "顺序", "顺序号", "行号", "No.", "号")}
_EXAMPLE = re.compile(r"^[(\[【]?(?:填表|填写|填报)?(?:例|示例|样例|范例|例如)\d{0,2}(?:$|[)\]】]|\s*[:：])")
_TOTAL = re.compile(
    r"^(?:本[页月季年]|总|累|共)?(?:合计|总计|共计|小计|累计)(?:[:：(（]|\d)|^共\d+[人场次条]"
    r"|^(?:应到|实到|应出勤|实际出勤|出勤|出席|到课|到会|到场|签到|缺勤|缺席|请假|未到)(?:总)?(?:人数|人次)(?:[:：(（]|$)"
)
#: Who fills in, answers for and stamps a sheet; when; how to reach them.
_SIGNED = (
    r"填表人|制表人|填报人|报送人|经办人|经手人|登记人|记录人|统计人|统计员|录入人|负责人|审核人?|审批人?|复核人?|校对人?|签字|签名|签章|盖章|公章"
    r"|单位负责人|分管领导|主管领导|部门负责人|机构负责人|领导签字|社区负责人|联系电话|联系人|电话|填报日期|填表日期|填报时间|填表时间|制表日期|制表时间|制表|报送时间"
    r"|报送日期|上报时间|上报日期|填报单位|报送单位|填表单位|单位|单位盖章|单位公章|班主任签字|教师签字|授课教师签字|主讲人签字|校长|主管|日期"
)
_SIGNATURE = re.compile(
    rf"^[(\[]?(?:{_SIGNED})(?:签字|签名|签章|盖章)?(?:[)\]]|\([^)]*\))?(?:$|[:：_\s(])|^(?:填表人|制表人|填报人|报送人)(?!员)"
)
_SIGNED_DATE = re.compile(r"^(?:\d{4})?年?\s*(?:\d{1,2})?\s*月\s*(?:\d{1,2})?\s*日$|^\d{4}-\d\d-\d\d$")
_NOTE = re.compile(
    r"^[(\[*※]*(?:备注|附注|注意|注|说明|填表说明|填报说明|填写说明|要求|提示)\d{0,2}\s*[:：.、)\]]"
    r"|^(?:填表|填报|填写)(?:说明|要求)$|^[※*]|^以下空白$"
)
_NUMBERED = re.compile(r"^[(（]?\d{1,2}[)）.、．]\s*\S{2,}")
_SECTION = re.compile(r"^[(（]?[一二三四五六七八九十]{1,3}[)）]?[、.．]\s*\S+")
NIL = re.compile(
    r"^(?:\d{4}年)?(?:本[月季年]度?|本期|本季度|本年度|上半年|下半年|全年|第?[一二三四]季度|\d{1,2}月份?)?(?:我[社街镇乡村]\S{0,2})?(?:暂?无|没有|暂?未)"
    r"(?:开展|举办|组织|安排)?(?:任何|相关|社区|教育|培训|学习|教学){0,4}(?:活动|数据|内容)?(?:开展|上报|可报)?$|^零报告|^无活动$"
)
_LEGEND = re.compile(r"^[(\[]?(?:图例|符号说明|标记说明|考勤符号|符号|标记|注|说明|备注)\s*[:：]?")


def is_serial_word(text: str) -> bool:
    """Whether a header word stands above serial numbers."""
    return key_of(text) in _SERIAL_WORDS or text in ("#", "№")


def is_nil(text: str) -> bool:
    """Whether a text says that nothing was held: 本月无活动, 零报告."""
    return bool(NIL.match(text.strip("。.！!()（）")))


def kind_of(line: Line, width: int, serials: Set[int], marked: bool, above: str) -> str:
    """Why a line below the header is not counted; empty for a row.

    ``width`` is that of the header, ``serials`` its columns of numbers; ``marked`` says that the texts of legends are looked for,
    ``above`` is ``note`` below a note, whose numbered points may follow, and ``legend`` below a legend, which may go on.
    """
    texts = line.texts
    if not texts:
        return "blank"
    columns = list(texts)
    first = texts[columns[0]]
    if _EXAMPLE.match(first):
        return "example"
    if is_serial(first) and columns[0] == 0 and len(columns) > 1:
        first = texts[columns[1]]
        if _EXAMPLE.match(first):
            return "example"
    if is_sum(first) or _TOTAL.match(first):
        return "total"
    if _SIGNATURE.match(first) or (len(columns) == 1 and width > 1 and _SIGNED_DATE.match(first)):
        return "signature"
    if marked and legend_pairs(" ".join(texts.values()), above == "legend"):
        return "legend"
    alone = len(columns) == 1 and (width > 2 or line.wide.get(columns[0], 0) > columns[0])
    if _NOTE.match(first) or (alone and (above == "note" or columns[0] in serials) and _NUMBERED.match(first)):
        return "note"
    if alone and is_nil(first):
        return "nil"
    if alone and (_SECTION.match(first) or line.wide.get(columns[0], 0) - columns[0] + 1 >= max(width - 1, 2)):
        return "section"
    return ""


def is_bare(line: Line, serials: Set[int]) -> bool:
    """Whether a line is a printed serial number with nothing beside it."""
    return bool(serials) and all(i in serials and is_serial(text) for i, text in line.texts.items())


def is_serial(text: str) -> bool:
    """Whether a cell holds a serial number: 3, (3), 3."""
    return bool(_SERIAL.match(text))


# -- the signs of attendance -------------------------------------------------------------------

#: One sign in several hands.
_HANDS = str.maketrans({
    "✓": "√", "✔": "√", "☑": "√", "v": "√", "V": "√",
    "✗": "×", "✘": "×", "✕": "×", "╳": "×", "x": "×", "X": "×", "☓": "×", "◯": "○", "〇": "○",
    "▲": "△", "∆": "△", "Δ": "△", "／": "/", "—": "-", "－": "-",
})
_MARK = r"[√×○●△☆★◎◇◆□■⊙/\\\-+※*#@]|(?<![0-9A-Za-z])[0-9A-Za-z](?![0-9A-Za-z])"
_PRESENT = ("出勤", "出席", "到课", "到会", "到场", "到堂", "参加", "签到", "已到", "实到", "全勤", "上课", "迟到", "早退", "到")
_ABSENT = (
    "缺勤", "缺席", "请假", "事假", "病假", "公假", "旷课", "旷到", "未到", "未参加",
    "没到", "没来", "缺课", "未出勤", "未签到", "不到", "休息", "停课", "缺", "假",
)
_WORDS = "|".join((*_ABSENT, *_PRESENT))
_SAYS = re.compile(rf"({_MARK})\s*[=:：,，为是表示代(（]*\s*({_WORDS})")
_SAID_FIRST = re.compile(rf"({_WORDS})\s*[=:：,，为用打画记(（]*\s*({_MARK})")

#: Where no legend stands: these say present, the others absent.
DEFAULT_MARKS: dict[str, bool] = {"√": True, "●": True, "1": True, "○": False, "×": False, "△": False, "/": False, "0": False, "-": False}

#: Words in place of signs say what they say, with a legend or without.
WORDS: dict[str, bool] = dict.fromkeys(_PRESENT, True) | dict.fromkeys(_ABSENT, False)


def mark_of(cell: object, text: str) -> str:
    """A sign in its usual hand; TRUE and FALSE as the ticks they are."""
    if isinstance(cell, bool):
        return "√" if cell else "×"
    return text.translate(_HANDS)


def legend_pairs(text: str, goes_on: bool = False) -> dict[str, bool]:
    """What a legend says of each sign, whether it means present: 图例：√出勤 △请假 ×缺勤. Empty for any other text.

    ``goes_on``: the line above was one, and this may hold a single sign more.
    """
    plain = text.translate(_HANDS)
    head = _LEGEND.match(plain)
    plain = plain[head.end():] if head else plain
    pattern, turned = (_SAYS, False) if re.match(rf"\s*(?:{_MARK})", plain) else (_SAID_FIRST, True)
    pairs = [(m[2], m[1]) if turned else (m[1], m[2]) for m in pattern.finditer(plain)]
    if len(pairs) < (1 if head or goes_on else 2):
        return {}
    return {mark: word in _PRESENT for mark, word in pairs}
