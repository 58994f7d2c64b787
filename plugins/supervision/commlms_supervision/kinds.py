"""The kinds of papers, surveys, events and meetings that documents name, and what sheets call them."""

from commlms import choice_of

PAPERS = (
    choice_of("long_plan", "中长期规划", "medium or long-term plan", "发展规划", "中长期发展规划", "社区教育发展规划"),
    choice_of("year_plan", "年度工作计划", "yearly work plan", "年度计划", "工作计划"),
    choice_of("implementation_plan", "实施方案", "implementation plan", "工作方案"),
    choice_of("duty_report", "述职报告", "duty report", "年度述职", "年度述职报告", "年度述职（报告）"),
    choice_of("assessment", "绩效考核", "performance assessment", "年度考核", "年终考核", "年度目标考核", "年度绩效考核"),
    choice_of("inspection", "督导", "inspection", "督导检查", "年度教育督导", "年度督导", "督导报告"),
    choice_of("zone_inspection", "实验区示范区调研检查", "inspection of zones", "调研检查"),
    choice_of("government_report", "政府工作报告", "government work report"),
    choice_of("local_plan", "地方经济社会发展规划", "local development plan", "国民经济和社会发展规划"),
    choice_of("education_plan", "教育事业整体规划", "overall education plan", "教育事业发展规划"),
    choice_of("department_plan", "部门工作方案", "work plan of a department"),
    choice_of("rules", "规章制度", "rules and regulations", "管理制度"),
    choice_of("research_award", "优秀研究成果表彰", "award for research results"),
)
SURVEYS = (
    choice_of("awareness", "知晓度", "awareness", "知晓率", "公众认知度"), choice_of("satisfaction", "满意度", "satisfaction", "满意率"),
    choice_of("engagement", "参与度", "engagement"), choice_of("gain", "获得感", "sense of gain"),
    choice_of("happiness", "幸福感", "sense of happiness"), choice_of("belonging", "归属感", "sense of belonging"),
)
EVENTS = (
    choice_of("lifelong_week", "全民终身学习活动周", "lifelong learning week", "终身学习活动周"),
    choice_of("science_week", "科普宣传周", "popular science week"), choice_of("citizens_class", "市民大课堂", "citizens' big classroom"),
    choice_of("seniors_class", "社区老年学堂", "community seniors' school"), choice_of("education_park", "教育公园", "education park"),
    choice_of("volunteer_school", "志愿者学校", "volunteers' school"), choice_of("campus_day", "校园开放日", "campus open day"),
    choice_of("lecture_hall", "市民大讲堂", "citizens' lecture hall"), choice_of("reading_festival", "全民读书节", "reading festival"),
    choice_of("reading_week", "全民阅读周", "reading week"), choice_of("health_month", "全民健康月", "health month"),
    choice_of("citizen_day", "文明市民日", "civil citizen day"),
    choice_of("holidays", "寒暑假校外教育活动", "activities in school holidays"),
)
MEETINGS = (
    choice_of("committee", "社区教育委员会工作会", "meeting of the committee", "委员会工作会", "社区教育委员会会议"),
    choice_of("members", "成员单位联席会议", "joint meeting of members", "联席会议"),
    choice_of("cadres", "街道社教干部例会", "meeting of street cadres", "社教干部例会"),
    choice_of("experts", "专家咨询会议", "expert consultation", "专家咨询会"), choice_of("meeting", "其他会议", "other meeting", "会议"),
)
#: The seven large events that 003 三(二) wants held every year, and the four kinds of meeting of 003 四(一).
LARGE = tuple(c.key for c in EVENTS[:7])
REGULAR = tuple(c.key for c in MEETINGS[:4])
