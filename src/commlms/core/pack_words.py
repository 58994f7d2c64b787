"""The words that people read for what stands in a rule pack as a key, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from commlms.core.labels import Label

Words = Mapping[str, Label]

LEVELS: Words = {
    "nation": Label("国家", "nation"), "province": Label("省", "province"), "city": Label("市", "city"),
    "county": Label("县（区）", "county"), "township": Label("乡镇（街道）", "township"), "village": Label("村（社区）", "village"),
    "below_village": Label("村（社区）以下", "below the village"), "institution": Label("机构", "institution"),
    "household": Label("家庭", "household"), "any": Label("各级", "any level"),
}
FORCES: Words = {
    "mandatory": Label("应达到", "mandatory"), "conditional": Label("有条件的应达到", "where conditions allow"),
    "strive": Label("力争", "to strive for"), "encouraged": Label("鼓励", "encouraged"), "defining": Label("界定", "defining"),
}
READINGS: Words = {
    "explicit": Label("原文写明", "printed in full"), "partial": Label("原文部分写明", "printed in part"),
    "inferred": Label("由上下文推定", "inferred from the text"),
}
BASES: Words = {
    "permanent": Label("常住", "permanent"), "registered": Label("户籍", "registered"), "actual": Label("实有", "actual"),
}
UNITS: Words = {
    "percent": Label("%", "%"), "permille": Label("／千", "for every 1,000"), "per_10000": Label("／万", "for every 10,000"),
    "yuan/person": Label("元/人", "yuan a person"), "count": Label("个", ""), "square_metre": Label("平方米", "square metres"),
    "years": Label("年", "years"), "undefined": Label("（含义未定）", "(meaning not stated)"),
}
COMPARISONS: Words = {
    ">=": Label("不少于", "at least"), ">": Label("多于", "more than"), "<=": Label("不多于", "at most"), "<": Label("少于", "less than"),
    "==": Label("等于", "exactly"), "between": Label("介于", "between"),
}
WINDOWS: Words = {"year": Label("一个自然年", "one calendar year"), "two_years": Label("两个自然年", "two calendar years")}
CADENCES: Words = {
    "weekly": Label("每周", "every week"), "twice_yearly": Label("每年两次", "twice a year"), "yearly": Label("每年", "every year"),
    "two_years": Label("每两年", "every two years"), "once": Label("一次", "once"),
    "regular": Label("定期（间隔未写）", "regularly, interval not stated"),
}
WEEKDAYS: Words = {
    str(n): Label(f"周{zh}", en) for n, (zh, en) in enumerate(zip("一二三四五六日", (
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True), start=1)
}
#: Of what kind a department is.
GROUPS: Words = {
    "government": Label("政府部门", "government"), "party": Label("党委部门", "party"),
    "mass organisation": Label("群团组织", "mass organisation"),
    "local government": Label("地方政府", "local government"), "any": Label("各单位", "any"),
}
#: What a department has to do with the matter.
ROLES: Words = {
    "lead": Label("牵头", "lead"), "in charge": Label("主管", "in charge"), "guide": Label("指导", "guide"),
    "coordinate": Label("协调", "coordinate"), "implement": Label("组织实施", "implement"), "duty": Label("承担职责", "duty"),
    "shared duty": Label("共同职责", "shared duty"), "common duty": Label("各部门共有的职责", "common duty"),
    "responsible body": Label("责任主体", "responsible body"),
    "member of the mechanism": Label("工作机制成员", "member of the mechanism"), "mobilise": Label("发动", "mobilise"),
    "content provider": Label("提供内容", "content provider"), "fund": Label("经费保障", "fund"),
    "push resources": Label("推送资源", "push resources"), "supervise": Label("督导", "supervise"), "liaison": Label("联络", "liaison"),
}
#: Whom a phrase of a model of governance names.
ACTORS: Words = {
    "party and government": Label("党委和政府", "party and government"), "party committee": Label("党委", "party committee"),
    "government": Label("政府", "government"), "district government": Label("区政府", "district government"),
    "township (street) government": Label("乡镇（街道）政府", "township (street) government"),
    "education department": Label("教育部门", "education department"), "departments": Label("有关部门", "departments"),
    "society": Label("社会", "society"), "social organisations": Label("社会组织", "social organisations"),
    "communities": Label("社区", "communities"), "residents": Label("居民", "residents"), "all": Label("各方", "all"),
}
PROVISIONS: Words = {
    "event": Label("活动", "event"), "award": Label("奖项", "award"), "status": Label("称号", "status"), "bank": Label("资源库", "bank"),
    "instrument": Label("学习卡与账户", "instrument"), "platform": Label("平台", "platform"),
    "acquisition": Label("课程资源来源", "way to acquire courses"), "place": Label("场所", "place"),
    "organisation": Label("学习型组织", "organisation"), "funding": Label("经费", "funding"), "staff": Label("队伍", "staff"),
    "survey": Label("调查", "survey"), "project": Label("项目", "project"), "format": Label("活动形式", "format"),
    "mode": Label("学习方式", "mode of learning"),
}


def word(words: Words, key: str) -> Label:
    """The label of a key; a word of the office's own stands for itself."""
    return words.get(key, Label(key, key))
