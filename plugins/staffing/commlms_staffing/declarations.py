"""What the plugin declares: four registers and the figures counted from them."""

import datetime as dt

from commlms import (
    Metric,
    Residents,
    Rows,
    choice,
    choice_of,
    day,
    duration,
    full_name,
    heading,
    identifier,
    people,
    record,
    ref,
    text,
    this,
)

_SINCE = ("起始日期", "任职日期", "到岗日期", "任职时间", "到岗时间", "聘任日期", "自")
_UNTIL = ("终止日期", "离任日期", "离职日期", "离任时间", "离岗日期", "退休日期", "退休时间")
_LAST = ("聘期至", "任期至", "合同期至", "合同到期", "聘期截止", "聘任截止日期", "有效期至")
_INSTITUTION = ("机构", "单位", "工作单位", "所在单位", "所在机构", "学校", "社区学校", "教学点", "机构编号")


@record(
    "staffing.post", zh="岗位", en="post", also=(("code",),),
    identity=("institution", "role", "employment", "holder", "code", "since"), weak=(("institution", "role", "holder"),),
)
class Post:
    """A post at an institution: what it is for, full or part time, who holds it if that is kept."""

    code: str | None = identifier("岗位编号", "post code", default=None, aliases=("编号", "工号", "人员编号", "教师编号"))
    institution: str = ref("institution", "任职机构", "institution", aliases=_INSTITUTION)
    role: str = choice(
        "岗位类别", "role",
        choice_of("worker", "社区教育工作者", "community education worker", "工作人员", "社区教育专干", "专干", "工作者", "社教干部"),
        choice_of("teacher", "教师", "teacher", "社区教育教师", "教学人员", "任课教师", "讲师", "师资"),
        choice_of("manager", "管理人员", "manager", "管理", "管理干部", "负责人", "校长", "分管领导", "分管负责人"),
        choice_of("liaison", "联络员", "liaison person", "校园社区教育联络员", "社区教育联络员", "联系人"),
        choice_of("expert", "专家", "expert", "专家库成员", "学者", "专家学者"),
        aliases=("岗位", "类别", "职务", "身份", "人员类别", "职责"),
    )
    employment: str = choice(
        "专兼职", "employment", choice_of("full_time", "专职", "full time", "专任", "全职", "专"),
        choice_of("part_time", "兼职", "part time", "兼任", "外聘", "兼"),
        aliases=("专职或兼职", "专职/兼职", "聘用形式", "任职形式", "专/兼职"),
    )
    holder: str | None = full_name("任职人", "holder", default=None, tier="personal", aliases=("姓名", "人员姓名", "教师姓名", "人员"))
    engaged: str | None = choice(
        "聘用方式", "how engaged", choice_of("staffed", "在编", "on the establishment", "编制内"),
        choice_of("seconded", "统筹借调", "seconded", "借调"), choice_of("purchased", "政府购买服务", "purchased service", "购买服务"),
        choice_of("contract", "聘用合同", "by contract", "合同制", "返聘"),
        default=None, open=True, aliases=("岗位来源", "人员来源", "编制"),
    )
    since: dt.date | None = day("任职起始", "since", default=None, aliases=_SINCE)
    until: dt.date | None = day("任职终止", "until", default=None, future=True, aliases=_UNTIL, last=_LAST)


@record(
    "staffing.team", zh="志愿者队伍", en="volunteer team", also=(("code",),), identity=("institution", "name", "since"),
    weak=(("institution", "name"), ("name",)),
)
class Team:
    """A team of volunteers registered with an institution, and how many they are."""

    code: str | None = identifier("队伍编号", "team code", default=None, aliases=("编号", "服务队编号"))
    institution: str = ref("institution", "登记机构", "institution", aliases=("所属机构", "所属单位", "挂靠单位", *_INSTITUTION))
    name: str = text(
        "志愿队伍名称", "team name",
        aliases=("队伍名称", "名称", "志愿服务队", "志愿者队伍", "志愿者服务队", "服务队", "服务队名称", "志愿者队伍名称"),
    )
    kind: str | None = choice(
        "队伍类别", "kind", choice_of("teaching", "教学志愿者", "teaching", "志愿讲师团"), choice_of("service", "服务志愿者", "service"),
        choice_of("expert", "专业志愿者", "professional", "专家志愿者"), default=None, open=True, aliases=("类别", "服务类别", "类型"),
    )
    persons: int = people("志愿者人数", "volunteers", maximum=10_000_000, aliases=("人数", "队员人数", "注册人数", "志愿者数", "成员人数"))
    since: dt.date | None = day("成立日期", "since", default=None, aliases=("成立时间", "组建时间", "组建日期", "起始日期", "登记日期"))
    until: dt.date | None = day("解散日期", "until", default=None, future=True, aliases=("终止日期", "注销日期"))


@record("staffing.volunteer", zh="志愿者", en="volunteer", identity=("learner", "team", "since"), weak=(("learner", "team"),))
class Volunteer:
    """A learner who is in a team of volunteers, and what the person can do."""

    learner: str = ref("learner", "志愿者", "volunteer", aliases=("学员", "学员编号"))
    team: str = ref(
        "staffing.team", "志愿队伍", "team",
        aliases=("志愿队伍名称", "志愿服务队", "志愿者队伍", "志愿者服务队", "所在志愿队伍", "志愿队伍编号"),
    )
    since: dt.date | None = day("加入日期", "since", default=None, aliases=("注册日期", "加入时间", "注册时间", "起始日期"))
    until: dt.date | None = day("退出日期", "until", default=None, future=True, aliases=("退出时间", "终止日期"))
    skill: str | None = text("专长", "skill", default=None, tier="personal", aliases=("特长", "技能", "服务内容"))
    background: str | None = choice(
        "行业", "background", choice_of("official", "离退休干部", "retired official"), choice_of("scholar", "专家学者", "scholar", "专家"),
        choice_of("entrepreneur", "企业家", "entrepreneur"),
        choice_of("model_worker", "劳模（先进）人物", "model worker", "劳模", "先进人物"),
        choice_of("village_official", "大学生村官", "graduate village official"),
        choice_of("teacher", "教师", "teacher", "各级各类学校教师"),
        choice_of("student", "大中专学生", "student", "在校大中专学生"), choice_of("scientist", "科技人员", "scientist or technician"),
        choice_of("medical", "医务人员", "medical staff"), choice_of("professional", "各行各业专业人员", "professional", "专业人员"),
        default=None, open=True, tier="personal", aliases=("人员类型", "身份", "类别"),
    )


@record("staffing.training", zh="队伍培训", en="training of staff", identity=("place", "on", "title"))
class Training:
    """A training of staff or volunteers that a place held on a day."""

    place: str = ref("place", "组织地区", "place that held it", aliases=(
        "地区", "举办地区", "主办地区", "组织单位", "举办单位", "主办单位", "区县", "地点", "地点代码",
    ))
    on: dt.date = day("培训日期", "date", aliases=("日期", "培训时间", "举办日期", "时间", "开班日期"))
    title: str = heading("培训名称", "title", aliases=("名称", "培训主题", "培训班", "培训班名称", "主题"))
    audience: str = choice(
        "培训对象", "for whom", choice_of("backbone", "骨干教师", "backbone teachers", "社区教育骨干教师", "骨干"),
        choice_of("managers", "管理人员", "managers", "管理干部"), choice_of("volunteers", "志愿者", "volunteers"),
        choice_of("all", "全体", "all", "社区教育工作者", "全体人员", "全员"), aliases=("对象", "参训对象", "参加对象"),
    )
    persons: int | None = people("参训人数", "persons", default=None, maximum=1_000_000, aliases=("人数", "培训人数", "参加人数"))
    minutes: int | None = duration("培训时长", "minutes", default=None, unit="minute", maximum=600_000, aliases=("时长", "学时", "课时"))


_FULL_TIME = this.employment.is_("full_time")
_DEDICATED = Rows("staffing.post", where=_FULL_TIME & this.role.in_("worker", "teacher", "manager"))
_BRANCH = Rows("staffing.post", where=_FULL_TIME & this.role.in_("teacher", "manager"))
_POINT = Rows("staffing.post", where=this.role.is_("manager") | (_FULL_TIME & this.role.is_("teacher")))
_BACKBONE = Rows("staffing.training", where=this.audience.is_("backbone"), day="on", here=True)

METRICS = (
    Metric("staffing.dedicated_workers", "专职社区教育工作者", "dedicated community education workers", _DEDICATED),
    Metric(
        "staffing.dedicated_ratio", "专职社区教育工作者与常住人口之比", "dedicated workers to permanent residents", _DEDICATED, Residents(),
    ),
    Metric("staffing.branch_staff", "专职教师和管理人员", "full-time teachers and managers", _BRANCH),
    Metric(
        "staffing.branch_ratio", "专职教师和管理人员与常住人口之比", "full-time teachers and managers to permanent residents",
        _BRANCH, Residents(),
    ),
    Metric("staffing.point_staff", "管理人员或专职教师", "managers or full-time teachers", _POINT),
    Metric("staffing.managers", "管理人员", "managers", Rows("staffing.post", where=this.role.is_("manager"))),
    Metric(
        "staffing.full_time_managers", "专职管理人员", "full-time managers",
        Rows("staffing.post", where=_FULL_TIME & this.role.is_("manager")),
    ),
    Metric("staffing.teachers", "专兼职教师", "teachers, full and part time", Rows("staffing.post", where=this.role.is_("teacher"))),
    Metric("staffing.experts", "专家", "experts", Rows("staffing.post", where=this.role.is_("expert"))),
    Metric("staffing.volunteers", "志愿者人数", "volunteers", Rows("staffing.team", value="persons")),
    Metric(
        "staffing.volunteers_here_ratio", "本级机构志愿者与常住人口之比", "volunteers of a place's own institutions to its residents",
        Rows("staffing.team", value="persons", here=True), Residents(),
    ),
    Metric("staffing.named_volunteers", "具名志愿者", "volunteers by name", Rows("staffing.volunteer", distinct=("learner",))),
    Metric("staffing.backbone_trainings", "骨干教师培训次数", "trainings of backbone teachers", _BACKBONE, unit="row"),
)
