"""The first lines of the files: of each record the fields that the demos fill, in the words of offices."""

from __future__ import annotations

from collections.abc import Mapping

#: In the order of import: what others refer to comes first.
HEADS: Mapping[str, Mapping[str, str]] = {
    "place": {
        "code": "代码", "name": "名称", "level": "级别", "kind": "类别", "area": "城乡", "region": "片区", "aliases": "别名",
        "parent": "上级代码", "reports_to": "报送上级", "former": "原代码", "since": "生效日期", "until": "失效日期",
    },
    "residents": {
        "place": "地点代码", "on": "日期", "basis": "口径", "group": "人群", "persons": "人数", "nature": "数据性质", "citation": "出处",
    },
    "institution": {
        "code": "机构编号", "name": "机构名称", "place": "所在地", "kind": "机构类型", "host": "依托单位", "parent": "上级机构",
        "since": "成立日期",
    },
    "learner": {"code": "学员编号", "name": "姓名", "sex": "性别", "born": "出生日期", "home": "居住地", "occupation": "职业"},
    "session": {
        "code": "场次编号", "institution": "主办单位", "on": "活动日期", "theme": "活动主题", "minutes": "时长（分钟）",
        "category": "内容类别", "form": "形式",
    },
    "participation": {"learner": "学员编号", "session": "场次编号"},
    "headcount": {"session": "场次编号", "counts": "计数方式", "persons": "人数"},
    "staffing.post": {
        "code": "岗位编号", "institution": "任职机构", "role": "岗位类别", "employment": "专兼职", "since": "任职起始",
    },
    "staffing.team": {
        "institution": "登记机构", "name": "志愿队伍名称", "kind": "队伍类别", "persons": "志愿者人数", "since": "成立日期",
    },
    "staffing.training": {
        "place": "组织地区", "on": "培训日期", "title": "培训名称", "audience": "培训对象", "persons": "参训人数",
        "minutes": "培训时长（分钟）",
    },
    "funding.fund": {
        "place": "地点", "period": "时期", "channel": "经费来源", "purpose": "经费用途", "title": "项目名称", "budgeted": "预算（元）",
        "appropriated": "拨付（元）", "paid": "支出（元）", "document": "文号",
    },
    "funding.payroll": {
        "place": "所在地", "organisation": "单位名称", "kind": "单位类型", "period": "时期", "wages": "工资总额（元）",
        "training": "培训支出（元）",
    },
    "premises.site": {
        "institution": "机构", "name": "场所名称", "area": "建筑面积（平方米）", "shared_with": "共用单位", "since": "启用",
    },
    "premises.function": {"institution": "机构", "function": "功能", "since": "起始"},
    "recognition.status": {
        "place": "地点", "kind": "称号", "rank": "级别", "holder": "获得者", "state": "状态", "since": "授予日期", "until": "失效日期",
        "ended": "失效原因", "number": "文号",
    },
    "recognition.naming": {"place": "命名地区", "on": "命名日期", "title": "批次名称", "kind": "称号", "named": "命名数量"},
    "supervision.undertaking": {"place": "地点", "kind": "工作", "since": "启动日期", "until": "终止日期", "number": "文号"},
    "supervision.paper": {
        "place": "地点", "kind": "文种", "period": "所属时期", "unit": "责任单位", "due": "应出日期", "issued": "印发日期",
        "since": "施行日期", "until": "失效日期",
    },
    "supervision.milestone": {"place": "地点", "name": "节点", "planned": "计划日期", "since": "达到日期"},
    "supervision.survey": {"place": "地点", "on": "调查日期", "kind": "内容", "asked": "受访人数", "positive": "肯定人数"},
    "supervision.event": {"place": "地点", "on": "日期", "kind": "类别", "title": "主题"},
    "supervision.assessment": {
        "goal": "目标编号", "place": "地点", "on": "评估日期", "aspect": "方面", "status": "结论", "assessor": "评估方",
        "evidence": "依据",
    },
    "reported": {
        "place": "地点代码", "period": "时期", "metric": "指标", "source_name": "报数单位", "value": "数值", "of": "分母",
        "stated": "报数日期",
    },
}
#: What makes a row one.
IDENTITIES: Mapping[str, tuple[str, ...]] = {
    "place": ("code", "since"), "residents": ("place", "on", "basis", "group"), "institution": ("code",), "learner": ("code",),
    "session": ("code",), "participation": ("learner", "session"), "headcount": ("session", "counts"), "staffing.post": ("code",),
    "staffing.team": ("institution", "name"), "staffing.training": ("place", "on", "title"),
    "funding.fund": ("place", "period", "channel", "purpose", "title"), "funding.payroll": ("place", "organisation", "period"),
    "premises.site": ("institution", "name"), "premises.function": ("institution", "function"),
    "recognition.status": ("place", "kind", "rank", "holder", "state", "since"), "recognition.naming": ("place", "on", "title"),
    "supervision.undertaking": ("place", "kind", "since"), "supervision.paper": ("place", "kind", "period", "unit"),
    "supervision.milestone": ("place", "name"), "supervision.survey": ("place", "on", "kind"),
    "supervision.event": ("place", "on", "kind", "title"), "supervision.assessment": ("goal", "place", "on", "aspect"),
    "reported": ("place", "period", "metric", "source_name"),
}
