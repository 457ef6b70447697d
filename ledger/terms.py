"""What people call things (术语): each Chinese term with one English term, here and nowhere else.

Columns, labels and titles on the terminal, in documents, forms and lists take them from here.
Names in the archive, of events, fields, commands and JSON keys, stay as they are; these are the
titles for people. English headings begin with a capital, names of values do not.
"""

from collections.abc import Mapping
from typing import Final

from ledger.award_needs import Need
from ledger.events import AppealOutcome, DocumentForm, ObjectionOutcome, Role, StatementKind
from ledger.language import Text
from ledger.rules.rule import DecidedBy
from ledger.values import Stage

# Parties -----------------------------------------------------------------------------------------

UNIT: Final = Text("被评价单位", "Unit")
UNIT_ID: Final = Text("单位编号", "Unit id")
AGENCY: Final = Text("核查机构", "Agency")
BUREAU: Final = Text("财政部门", "Bureau")
REVIEWER: Final = Text("核查人员", "Reviewer")
ORGANISATION: Final = Text("所属单位", "Organisation")
ACCOUNT: Final = Text("账号", "Account")
ROLE: Final = Text("角色", "Role")
RESPONSIBLE: Final = Text("待办方", "Responsible party")

# The case and its record -------------------------------------------------------------------------

CASE: Final = Text("评价事项", "Case")
CASE_ID: Final = Text("评价事项编号", "Case id")
YEAR: Final = Text("年度", "Year")
STAGE: Final = Text("阶段", "Stage")
STATE: Final = Text("状态", "State")
EVENT: Final = Text("事件", "Event")
VERSION: Final = Text("条号", "Version")
SIGNED_WITH: Final = Text("办理人签名", "Signed with")
AUTHOR_KEY: Final = Text("签名密钥", "Signing key")
SIGNATURE_SCHEME: Final = Text("签名方式", "Signature scheme")
TIME_ZONE: Final = Text("时区", "Time zone")
PRACTICE: Final = Text("演示", "PRACTICE")
POSITION: Final = Text("日志位置", "Log position")
BUSINESS_DATE: Final = Text("业务日期", "Business date")
RECORDED: Final = Text("记录时间", "Recorded")
RECORDED_LATE_DAYS: Final = Text("补记天数", "Recorded days later")
CONTENT: Final = Text("记录内容", "Content")
EVENT_TYPE: Final = Text("事件类型", "Type")
CAUSED_BY: Final = Text("所据条号", "Caused by")
SINCE: Final = Text("起始时间", "Since")
COMMAND: Final = Text("操作", "Command")
SUBJECT: Final = Text("对象", "Subject")
TEXT_KIND: Final = Text("内容类别", "Text")
FOUND_IN: Final = Text("所在句", "Found in")
WHOLE_TEXT: Final = Text("全文", "Whole text")
NUMBER: Final = Text("文号", "Document number")
NOTICE: Final = Text("通知文号", "Notice")
ID: Final = Text("编号", "Id")
NAME: Final = Text("名称", "Name")
TITLE: Final = Text("标题", "Title")
STATEMENT: Final = Text("内容", "Statement")
PLACE: Final = Text("位置", "Place")
DOCUMENT_ID: Final = Text("依据文件编号", "Source document id")
ANSWERED: Final = Text("所答条号", "Answers")
REPLACED: Final = Text("所替条号", "Replaces")
CITATIONS: Final = Text("引证", "Citations")
TRANSCRIBER_NOTE: Final = Text("转录说明", "Transcriber note")
UNDOCUMENTED: Final = Text("无文件依据", "Undocumented")
ROWS_CLAIMED: Final = Text("已自评指标", "Indicators claimed")
ROWS_AWARDED: Final = Text("已核查指标", "Indicators awarded")
COUNT_OF_EVENTS: Final = Text("记录条数", "Number of events")

# The rubric --------------------------------------------------------------------------------------

RUBRIC: Final = Text("指标体系", "Rubric")
EDITION: Final = Text("版本", "Edition")
LEVEL_1: Final = Text("一级指标", "Level 1")
LEVEL_2: Final = Text("二级指标", "Level 2")
LEVEL_3: Final = Text("三级指标", "Level 3")
LEVEL_4: Final = Text("四级指标", "Level 4")
INDICATOR: Final = Text("指标", "Indicator")
INDICATORS: Final = Text("涉及指标", "Indicators concerned")
WEIGHT: Final = Text("分值", "Weight")
EXPLANATION: Final = Text("指标解释", "Description of the indicator")
STANDARD: Final = Text("评分标准", "Scoring standard")
RULE: Final = Text("评分规则", "Scoring rule")
SHAPES: Final = {
    "all-or-nothing": Text("全有或全无", "all or nothing"),
    "comparison": Text("比较", "comparison"),
    "completion": Text("完成率", "completion"),
    "deductions": Text("扣分", "deductions"),
    "gated": Text("先决条件", "precondition"),
    "grade": Text("评级", "grade"),
    "ratio": Text("比率 × 分值", "rate × weight"),
    "step-deduction": Text("每档扣分", "deduction per step"),
    "threshold-deduction": Text("应做未做", "deduction for what is not done"),
    "tiers": Text("分档", "tiers"),
    "weighted-parts": Text("按占比合成", "weighted parts"),
}
"""What people call the shapes of rules that a standard can state."""
QUESTIONS: Final = Text("待答问题", "Open questions")
CELL: Final = Text("单元格", "Cell")
CLAUSE: Final = Text("依据条款", "Clause")
GRADE: Final = Text("等级", "Grade")
DECIMALS: Final = Text("小数位数", "Decimals")

# Figures -----------------------------------------------------------------------------------------

FIGURE: Final = Text("基础数据", "Figure")
FIGURES: Final = Text("基础数据", "Figures")
RESTATED_FIGURES: Final = Text("核查数据", "Restated figures")
FIGURE_KIND: Final = Text("种类", "Kind")
ACTUAL: Final = Text("实际完成值", "Actual")
SUBMITTED: Final = Text("填报值", "Submitted")
TARGET: Final = Text("目标值", "Target")
DIRECTION: Final = Text("目标方向", "Target direction")
UNIT_OF_MEASURE: Final = Text("计量单位", "Unit of measure")
SCOPE: Final = Text("统计口径", "Scope")
SOURCE: Final = Text("出处", "Source")
NOTE: Final = Text("说明", "Note")

# Scores and their reasons ------------------------------------------------------------------------

CLAIMED: Final = Text("自评得分", "Claimed")
RULE_RESULT: Final = Text("按标准得分", "Rule result")
AWARDED: Final = Text("核查得分", "Awarded")
RESTATED_CLAIM: Final = Text("核查表所列自评得分", "Claimed as restated")
CURRENT_SCORE: Final = Text("当前得分", "Current score")
SCORE: Final = Text("得分", "Score")
RATE: Final = Text("得分率", "Rate")
GAP: Final = Text("分差", "Gap")
POINTS: Final = Text("分数", "Points")
DISCRETION: Final = Text("酌情", "Discretion")
DECIDED_BY: Final = Text("评定方式", "Decided by")
NOT_APPLICABLE: Final = Text("不适用", "Not applicable")
COUNTERSIGNED_BY: Final = Text("复核签字人", "Countersigned by")
JUSTIFICATION: Final = Text("得扣分原因", "Justification")
JUSTIFICATION_AND_CLAUSE: Final = Text("得扣分原因和依据条款", "Justification and clause")
GROUND: Final = Text("酌情理由", "Ground")
REASON: Final = Text("原因", "Reason")
EVIDENCE: Final = Text("佐证材料", "Evidence")
CONTENT_AND_JUSTIFICATION: Final = Text("内容和得扣分原因", "Content and justification")
CLAUSE_AND_EVIDENCE: Final = Text("依据条款和佐证材料", "Clause and evidence")
CHANGE: Final = Text("变动", "Change")
BEFORE: Final = Text("变动前", "Before")
AFTER: Final = Text("变动后", "After")
TOTAL_BEFORE: Final = Text("变动前总分", "Total before")
TOTAL_AFTER: Final = Text("变动后总分", "Total after")
DELTA: Final = Text("增减", "Delta")
TOTALS: Final = Text("合计", "Totals")
ISSUER: Final = Text("授予单位", "Issuer")
PRINTED_BASE: Final = Text("所列基础分", "Printed base")
PRINTED_BONUS: Final = Text("所列加分", "Printed bonus")
PRINTED_TOTAL: Final = Text("所列总分", "Printed total")
PRINTED_GRADE: Final = Text("所列等级", "Printed grade")
PRINTED: Final = Text("文件所列", "Printed")
COMPUTED: Final = Text("计算值", "Computed")
NOT_CLAIMED: Final = Text("未自评项", "Not claimed")
NOT_REVIEWED: Final = Text("未核查项", "Not reviewed")
BONUS_UNDECIDED: Final = Text("待认定加分项", "Bonus undecided")
CLAIMED_GRADE: Final = Text("自评等级", "Claimed grade")

# Scoring patterns --------------------------------------------------------------------------------

AWARDS: Final = Text("评分次数", "Awards")
ADJUSTED: Final = Text("其中调整", "Adjusted")
RAISED: Final = Text("其中上调", "Raised")
WITH_DISCRETION: Final = Text("其中酌情", "With discretion")
NOT_COUNTERSIGNED: Final = Text("酌情未复核签字", "Not countersigned")
MEAN: Final = Text("平均分差", "Mean gap")
LOWEST: Final = Text("最低", "Lowest")
HIGHEST: Final = Text("最高", "Highest")
SPREAD: Final = Text("同类最大差", "Spread")
OTHERS: Final = Text("其他核查人员平均", "Mean of others")

# Findings, appeals and rectification -------------------------------------------------------------

FINDING: Final = Text("问题", "Finding")
FINDINGS: Final = Text("问题", "Findings")
RECOMMENDATIONS: Final = Text("建议", "Recommendations")
APPEAL: Final = Text("申诉", "Appeal")
CONTESTED: Final = Text("所涉核查得分", "Contested")
LODGED: Final = Text("申诉日期", "Lodged")
REQUEST: Final = Text("整改要求", "Request")
REQUESTED: Final = Text("下达日期", "Requested")
DEMAND: Final = Text("整改内容", "Required action")
DUE: Final = Text("截止日期", "Due date")
NO_DUE: Final[Mapping[str | None, Text]] = {
    None: Text("未设", "unset"),
    "clock": Text("节假日不明", "days off unknown"),
    "notice": Text("节假日不明", "days off unknown"),
}
"""In the place of a last day that there is none of, by what would set it."""
DUE_BY: Final = Text("期限依据", "Set by")
RESPONSES: Final = Text("反馈次数", "Responses")
RESPONDED: Final = Text("首次反馈", "First response")
ACCEPTED: Final = Text("确认到位", "Accepted")
DAYS: Final = Text("天数", "Days")
DAYS_LATE: Final = Text("迟报天数", "Days late")
DAYS_OVERDUE: Final = Text("逾期天数", "Days overdue")
DAYS_LEFT: Final = Text("剩余天数", "Days left")
DAYS_WAITED: Final = Text("已等天数", "Days waited")
TASK: Final = Text("待办", "Task")
CASE_STEP: Final = Text("环节", "Step")
CASE_STEPS: Final[Mapping[str, Text]] = {
    "submission": Text("自评报送和公开", "self-evaluation"),
    "draft": Text("征求意见稿", "draft"),
    "objection": Text("反馈意见", "comments on the draft"),
    "result": Text("印发结果", "issue of the result"),
    "receipt": Text("登记签收", "receipt of the result"),
    "publication": Text("公开结果", "disclosure of the result"),
    "rectification": Text("反馈整改", "response to rectification"),
}
TIME_LIMIT: Final = Text("期限", "Time limit")
RULE_OF_NOTICE: Final = Text("期限（登记值）", "Time limit as recorded")
PARTY: Final = Text("待办机构", "Responsible organisation")
WAITS_FOR: Final = Text("待办账号", "Responsible accounts")
CHANGES: Final[Mapping[str, Text]] = {
    "new": Text("新增", "new"),
    "done": Text("已办", "done"),
    "overdue": Text("新逾期", "now overdue"),
}
AMENDED: Final = Text("已修改", "Amended")
ASSIGNED: Final = Text("分配给", "Assigned to")

# Evidence and checks -----------------------------------------------------------------------------

FILE: Final = Text("文件", "File")
BYTES: Final = Text("字节数", "Bytes")
MEDIA_TYPE: Final = Text("文件类型", "Media type")
EVIDENCE_STATES: Final[Mapping[str, Text]] = {
    "held": Text("在", "held"),
    "missing": Text("缺失", "missing"),
    "altered": Text("被改动", "altered"),
    "erased": Text("依法销毁", "legally erased"),
    "to-erase": Text("已记录销毁但字节仍在", "erasure recorded but bytes still there"),
}
SEVERITY: Final = Text("级别", "Severity")
CHECK: Final = Text("核对项", "Check")
DISCREPANCY: Final = Text("疑点", "Discrepancy")
ROW: Final = Text("行", "Row")
KEY: Final = Text("键", "Key")

# Values ------------------------------------------------------------------------------------------

ROLES: Final[Mapping[Role, Text]] = {
    "unit": Text("被评价单位", "unit"),
    "reviewer": Text("核查人员", "reviewer"),
    "lead-reviewer": Text("核查负责人", "lead reviewer"),
    "bureau": Text("财政部门", "bureau"),
    "auditor": Text("审计人员", "auditor"),
    "administrator": Text("管理员", "administrator"),
}
PARTIES: Final[Mapping[str, Text]] = {
    "unit": Text("被评价单位", "unit"),
    "agency": Text("核查机构", "agency"),
    "bureau": Text("财政部门", "bureau"),
}
STAGES: Final[Mapping[Stage, Text]] = {
    "open": Text("自评填报", "open"),
    "submitted": Text("核查", "submitted"),
    "draft": Text("征求意见", "draft"),
    "issued": Text("已印发", "issued"),
    "closed": Text("已办结", "closed"),
}
DECIDERS: Final[Mapping[DecidedBy, Text]] = {
    "rule": Text("按标准", "rule"),
    "discretion": Text("酌情", "discretion"),
    "judgement": Text("人工评定", "judgement"),
    "missing": Text("缺少数据", "missing figure"),
}
AWARD_NEEDS: Final[Mapping[Need, Text]] = {
    "clause": Text("依据条款", "a clause"),
    "ground": Text("理由", "a ground"),
    "clause-or-ground": Text("依据条款或理由", "a clause or a ground"),
    "second-signature": Text("复核签字", "a second signature"),
}
LAST_YEAR: Final = Text("上年得分", "Last year")
NOT_REQUESTED: Final = Text("未要求整改", "none requested")
RECTIFICATION_STATES: Final[Mapping[str, Text]] = {
    "open": Text("未反馈", "open"),
    "answered": Text("已反馈", "answered"),
    "accepted": Text("已到位", "accepted"),
}
OBJECTION_OUTCOMES: Final[Mapping[ObjectionOutcome, Text]] = {
    "accepted": Text("采纳", "accepted"),
    "partly": Text("部分采纳", "accepted in part"),
    "rejected": Text("不采纳", "rejected"),
}
APPEAL_OUTCOMES: Final[Mapping[AppealOutcome, Text]] = {
    "upheld": Text("支持", "upheld"),
    "partly": Text("部分支持", "upheld in part"),
    "rejected": Text("驳回", "dismissed"),
}
SEVERITIES: Final[Mapping[str, Text]] = {
    "error": Text("错误", "error"),
    "warning": Text("提醒", "warning"),
    "note": Text("提示", "note"),
}
FIGURE_KINDS: Final[Mapping[str, Text]] = {
    "number": Text("数值", "number"),
    "date": Text("日期", "date"),
    "interval": Text("起止日期", "interval"),
    "yes-no": Text("是否", "yes-no"),
    "text": Text("文字", "text"),
}
DOCUMENT_FORMS: Final[Mapping[DocumentForm, Text]] = {
    "original": Text("原件", "original"),
    "copy": Text("复制件", "copy"),
    "ocr": Text("识别文本", "recognised text (OCR)"),
}
STATEMENT_KINDS: Final[Mapping[StatementKind, Text]] = {
    "goal": Text("年度目标", "goal of the year"),
    "problem": Text("自述问题", "problem"),
    "cause": Text("成因", "cause"),
    "measure": Text("改进措施", "improvement measure"),
    "promise": Text("承诺", "promise"),
    "achievement": Text("主要绩效", "achievement"),
    "assurance": Text("责任声明", "assurance"),
}
DIRECTIONS: Final[Mapping[str, Text]] = {
    "at-least": Text("不低于", "at least"),
    "at-most": Text("不高于", "at most"),
    "exactly": Text("等于", "exactly"),
    "described": Text("定性", "described"),
}
ANSWERS: Final[Mapping[str, Text]] = {"yes": Text("是", "yes"), "no": Text("否", "no")}
EXCLUDED: Final = Text("不适用", "not applicable")
TOTALS_LINES: Final[Mapping[str, Text]] = {
    "base": Text("基础分", "Base"),
    "rebased": Text("不适用项换算", "Re-basing"),
    "scaled": Text("分块折算", "Block scaling"),
    "bonus": Text("加分", "Bonus"),
    "penalty": Text("减分", "Penalty"),
    "raw": Text("上限前合计", "Before the cap"),
    "cap_loss": Text("上限扣减", "Cap"),
    "grade_drop": Text("等级降档", "Grade drop"),
    "total": Text("总分", "Total"),
}
"""The lines of a total, by their keys in JSON."""
STEPS: Final[Mapping[str, Text]] = {
    "rebase": TOTALS_LINES["rebased"],
    "scale": TOTALS_LINES["scaled"],
    "bonus": TOTALS_LINES["bonus"],
    "penalty": TOTALS_LINES["penalty"],
    "cap": TOTALS_LINES["cap_loss"],
    "grade-drop": TOTALS_LINES["grade_drop"],
}
"""The steps of a bridge that are of no row, by their kinds."""

# Titles ------------------------------------------------------------------------------------------

TEXT_KINDS: Final[Mapping[str, Text]] = {
    "title": Text("标题", "title"),
    "reason": Text("理由", "reason"),
    "clause": Text("条款", "clause"),
    "finding": Text("问题与建议", "finding"),
    "statement": Text("陈述", "statement"),
    "answer": Text("答复", "answer"),
    "evidence": Text("材料名称", "evidence title"),
}
"""What a text that a search finds is."""

EVENTS: Final[Mapping[str, Text]] = {
    "AccountOpened": Text("开设账号", "account opened"),
    "RoleGranted": Text("授予角色", "role granted"),
    "RoleRevoked": Text("撤销角色", "role revoked"),
    "TimeZoneSet": Text("设定时区", "time zone set"),
    "AccountKeyEnrolled": Text("登记密钥", "key enrolled"),
    "AccountKeyCountersigned": Text("确认密钥", "key countersigned"),
    "AccountKeyRetired": Text("停用密钥", "key retired"),
    "SignaturesDemanded": Text("要求签名", "signatures demanded"),
    "ConflictDeclared": Text("登记利害关系", "conflict of interest declared"),
    "ConflictEnded": Text("解除利害关系", "conflict of interest ended"),
    "AccountsLinked": Text("关联账号", "accounts linked"),
    "RankingRecorded": Text("登记名次表", "ranking recorded"),
    "YearNoticeRecorded": Text("登记年度通知", "notice of the year recorded"),
    "LedgerFrozen": Text("冻结记录库", "ledger frozen"),
    "PredecessorNamed": Text("登记上一年度记录库", "ledger before named"),
    "AccountCarriedOver": Text("结转账号", "account carried over"),
    "CheckpointTaken": Text("登记下级检查点", "checkpoint taken up"),
    "EntriesMerged": Text("并入记录", "entries merged"),
    "EntrySetAside": Text("搁置条目", "entry set aside"),
    "RubricPublished": Text("发布指标体系", "rubric published"),
    "RubricSuperseded": Text("指标体系以新版取代", "rubric superseded"),
    "CaseOpened": Text("启动评价", "case opened"),
    "RubricPinned": Text("选定指标体系", "rubric pinned"),
    "RubricRepinned": Text("改用另一版指标体系", "rubric repinned"),
    "ReviewCommissioned": Text("委托核查", "review commissioned"),
    "WorkAssigned": Text("分配核查任务", "review assigned"),
    "AccountRecused": Text("回避", "recused"),
    "DocumentRegistered": Text("登记依据文件", "source document registered"),
    "UnitListed": Text("列入单位", "unit listed"),
    "ScopeDefined": Text("确定统计口径", "scope defined"),
    "StatementMade": Text("陈述", "statement made"),
    "SubtotalPrinted": Text("登记所列合计", "printed sum recorded"),
    "MaterialPublished": Text("公开材料", "material disclosed"),
    "FigureSubmitted": Text("填报基础数据", "figure submitted"),
    "FigureWithdrawn": Text("撤回基础数据", "figure withdrawn"),
    "EvidenceFiled": Text("提交佐证材料", "evidence filed"),
    "ScoreClaimed": Text("自评得分", "score claimed"),
    "BonusClaimed": Text("申报加分", "bonus claimed"),
    "SelfEvaluationSubmitted": Text("提交自评", "self-evaluation submitted"),
    "SubmissionReturned": Text("退回自评", "self-evaluation returned"),
    "FigureRestated": Text("核查数据", "figure restated"),
    "FigureConfirmed": Text("确认基础数据", "figure confirmed"),
    "ClaimRestated": Text("核查表所列自评得分", "claimed score restated"),
    "ScoreConfirmed": Text("确认得分", "score confirmed"),
    "ScoreAdjusted": Text("调整得分", "score adjusted"),
    "IndicatorExcluded": Text("认定不适用", "indicator excluded"),
    "AdjustmentCountersigned": Text("复核签字", "countersigned"),
    "ReasonAmended": Text("补正理由", "reason amended"),
    "AdjustmentWithdrawn": Text("撤回核查得分", "awarded score withdrawn"),
    "BonusRecognised": Text("认定加分", "bonus recognised"),
    "BonusRefused": Text("不予认定加分", "bonus disallowed"),
    "PenaltyRecorded": Text("减分", "penalty recorded"),
    "FindingRaised": Text("提出问题", "finding raised"),
    "RecommendationMade": Text("提出建议", "recommendation made"),
    "DraftSent": Text("征求意见", "draft sent"),
    "ObjectionRaised": Text("反馈意见", "objection raised"),
    "ObjectionAnswered": Text("答复意见", "objection answered"),
    "ReportDelivered": Text("提交核查报告", "report delivered"),
    "ResultIssued": Text("印发结果", "result issued"),
    "ResultReceived": Text("签收结果", "result received"),
    "ResultCorrected": Text("更正结果", "result corrected"),
    "ResultPublished": Text("公开结果", "result disclosed"),
    "AppealLodged": Text("提出申诉", "appeal lodged"),
    "AppealWithdrawn": Text("撤回申诉", "appeal withdrawn"),
    "AppealDecided": Text("申诉决定", "appeal decided"),
    "RectificationRequested": Text("要求整改", "rectification requested"),
    "RectificationResponded": Text("整改反馈", "response to a request"),
    "RectificationReturned": Text("退回整改反馈", "response returned"),
    "RectificationAccepted": Text("确认整改到位", "rectification accepted"),
    "DeadlineExtended": Text("延长期限", "due date extended"),
    "EvidenceErased": Text("依法销毁佐证材料", "evidence erased"),
    "RetentionSet": Text("设定保管期限", "retention term set"),
    "DestructionProposed": Text("提出销毁清册", "destruction proposed"),
    "DestructionAppraised": Text("鉴定销毁清册", "destruction list appraised"),
    "DestructionDecided": Text("审批销毁清册", "destruction decided"),
    "CaseClosed": Text("办结", "case closed"),
    "ReopeningRequested": Text("申请恢复办理", "reopening requested"),
    "CaseReopened": Text("恢复办理", "case reopened"),
    "DossierIssued": Text("导出卷宗", "dossier exported"),
}
"""What an event is called, by its type. The type is the archive's and may mislead, as
`AdjustmentCountersigned` does, which also signs confirmations and exclusions."""

COMMANDS: Final[Mapping[str, Text]] = {
    "open-account": Text("开设账号", "open an account"),
    "grant-role": Text("授予角色", "grant a role"),
    "revoke-role": Text("撤销角色", "revoke a role"),
    "set-time-zone": Text("设定时区", "set the time zone"),
    "enrol-key": Text("登记密钥", "enrol a key"),
    "countersign-key": Text("确认密钥", "countersign a key"),
    "retire-key": Text("停用密钥", "retire a key"),
    "demand-signatures": Text("要求签名", "demand signatures"),
    "declare-conflict": Text("登记利害关系", "declare a conflict of interest"),
    "end-conflict": Text("解除利害关系", "end a conflict of interest"),
    "link-accounts": Text("关联账号", "link accounts"),
    "record-ranking": Text("登记名次表", "record a ranking"),
    "record-year-notice": Text("登记年度通知", "record a notice of the year"),
    "freeze-ledger": Text("冻结记录库", "freeze the ledger"),
    "name-predecessor": Text("登记上一年度记录库", "name the ledger before"),
    "carry-account": Text("结转账号", "carry an account over"),
    "take-checkpoint": Text("登记下级检查点", "take a checkpoint up"),
    "merge-entries": Text("并入记录", "merge entries"),
    "set-entry-aside": Text("搁置条目", "set an entry aside"),
    "publish-rubric": Text("发布指标体系", "publish a rubric"),
    "supersede-rubric": Text("以新版取代", "supersede an edition"),
    "open-case": Text("启动评价", "open a case"),
    "pin-rubric": Text("选定指标体系", "pin a rubric"),
    "repin-rubric": Text("改用另一版指标体系", "repin the rubric"),
    "commission-review": Text("委托核查", "commission the review"),
    "assign-work": Text("分配核查任务", "assign the review"),
    "recuse-account": Text("回避", "recuse an account"),
    "register-document": Text("登记依据文件", "register a source document"),
    "list-unit": Text("列入单位", "list a unit"),
    "define-scope": Text("确定统计口径", "define a scope"),
    "make-statement": Text("陈述", "make a statement"),
    "print-subtotal": Text("登记所列合计", "record a printed sum"),
    "publish-material": Text("公开材料", "disclose material"),
    "submit-figure": Text("填报基础数据", "submit a figure"),
    "withdraw-figure": Text("撤回基础数据", "withdraw a figure"),
    "file-evidence": Text("提交佐证材料", "file evidence"),
    "claim-score": Text("自评得分", "claim a score"),
    "claim-bonus": Text("申报加分", "claim a bonus"),
    "submit-self-evaluation": Text("提交自评", "submit the self-evaluation"),
    "return-submission": Text("退回自评", "return the self-evaluation"),
    "restate-figure": Text("核查数据", "restate a figure"),
    "confirm-figure": Text("确认基础数据", "confirm a figure"),
    "restate-claim": Text("核查表所列自评得分", "restate a claimed score"),
    "confirm-score": Text("确认得分", "confirm a score"),
    "adjust-score": Text("调整得分", "adjust a score"),
    "exclude-indicator": Text("认定不适用", "exclude an indicator"),
    "countersign-adjustment": Text("复核签字", "countersign"),
    "amend-reason": Text("补正理由", "amend a reason"),
    "withdraw-adjustment": Text("撤回核查得分", "withdraw an awarded score"),
    "recognise-bonus": Text("认定加分", "recognise a bonus"),
    "refuse-bonus": Text("不予认定加分", "disallow a bonus"),
    "record-penalty": Text("减分", "record a penalty"),
    "raise-finding": Text("提出问题", "raise a finding"),
    "make-recommendation": Text("提出建议", "make a recommendation"),
    "send-draft": Text("征求意见", "send the draft"),
    "raise-objection": Text("反馈意见", "raise an objection"),
    "answer-objection": Text("答复意见", "answer an objection"),
    "deliver-report": Text("提交核查报告", "deliver the report"),
    "issue-result": Text("印发结果", "issue the result"),
    "record-receipt": Text("签收结果", "receive the result"),
    "correct-result": Text("更正结果", "correct the result"),
    "publish-result": Text("公开结果", "disclose the result"),
    "lodge-appeal": Text("提出申诉", "lodge an appeal"),
    "withdraw-appeal": Text("撤回申诉", "withdraw an appeal"),
    "decide-appeal": Text("申诉决定", "decide an appeal"),
    "request-rectification": Text("要求整改", "request rectification"),
    "respond-rectification": Text("整改反馈", "respond to a request"),
    "return-rectification": Text("退回整改反馈", "return a response"),
    "accept-rectification": Text("确认整改到位", "accept rectification"),
    "extend-deadline": Text("延长期限", "extend a due date"),
    "erase-evidence": Text("依法销毁佐证材料", "erase evidence"),
    "set-retention": Text("设定保管期限", "set the retention term"),
    "propose-destruction": Text("提出销毁清册", "propose destruction"),
    "appraise-destruction": Text("鉴定销毁清册", "appraise a destruction list"),
    "decide-destruction": Text("审批销毁清册", "decide on a destruction list"),
    "close-case": Text("办结", "close the case"),
    "request-reopening": Text("申请恢复办理", "request reopening"),
    "reopen-case": Text("恢复办理", "reopen the case"),
    "issue-dossier": Text("导出卷宗", "export a dossier"),
}
"""What a command is called, by the name that batch files write in `do`."""

# The documentation of events ---------------------------------------------------------------------

SECTIONS: Final = (
    Text("账号登记簿", "The register of accounts"),
    Text("指标体系", "The rubrics"),
    Text("启动评价", "Opening"),
    Text("依据文件和陈述", "Documents and statements"),
    Text("自评", "Self-evaluation"),
    Text("核查", "Review"),
    Text("征求意见", "Consultation"),
    Text("评价结果", "Result"),
    Text("申诉", "Appeal"),
    Text("整改", "Rectification"),
    Text("佐证材料", "Evidence"),
    Text("保管期限和销毁", "Retention"),
    Text("办结", "End"),
    Text("卷宗", "Dossier"),
)
"""The sections of `events.py`, by the English heading that each has there."""

FIELDS: Final[Mapping[str, Text]] = {
    "access_months": Text("访问记录保管月数", "Months that accesses are kept"),
    "accesses_before": Text("销毁此日以前的访问记录", "Accesses before this day"),
    "account": ACCOUNT,
    "adjustment": Text("所涉核查得分的条号", "Version of the awarded score"),
    "agency": AGENCY,
    "agency_name": Text("核查机构名称", "Name of the agency"),
    "also": Text("同一人的另一账号", "Other account of the person"),
    "amends": Text("所修改通知的文号", "Number of the notice amended"),
    "submission_due": Text("自评报送和公开期限", "Last day for the self-evaluation"),
    "draft_due": Text("征求意见稿期限", "Last day for the draft"),
    "objection_due": Text("反馈意见期限", "Last day for comments"),
    "result_due": Text("结果印发期限", "Last day for the result"),
    "receipt_due": Text("签收期限", "Last day for the receipt"),
    "publication_due": Text("结果公开期限", "Last day for disclosing the result"),
    "rectification_due": Text("整改反馈期限", "Last day for rectification"),
    "appeal": Text("申诉编号", "Appeal id"),
    "as_of": Text("统计时点", "As of"),
    "award": AWARDED,
    "before": Text("原得分", "Score before"),
    "bureau": BUREAU,
    "bureau_name": Text("财政部门名称", "Name of the bureau"),
    "by_edition": Text("取代它的版本", "Superseding edition"),
    "cites": CITATIONS,
    "clause": CLAUSE,
    "column": Text("栏目", "Column"),
    "commended": Text("表彰日期", "Date of commendation"),
    "computed_grade": Text("计算等级", "Computed grade"),
    "computed_total": Text("计算总分", "Computed total"),
    "covers": Text("涵盖至条号", "Last version covered"),
    "demand": DEMAND,
    "difference": Text("差异原因", "Reason for the difference"),
    "document": DOCUMENT_ID,
    "due": DUE,
    "edition": EDITION,
    "enclosures": Text("附件", "Enclosures"),
    "evidence": EVIDENCE,
    "figure": FIGURE,
    "finding": Text("问题编号", "Finding id"),
    "findings": Text("所涉问题", "Findings concerned"),
    "first": Text("首条条号", "First version"),
    "form": Text("形式", "Form"),
    "goal_class": Text("目标类别", "Class of the goal"),
    "ground": GROUND,
    "id": ID,
    "indicator": INDICATOR,
    "indicators": INDICATORS,
    "issuer": ISSUER,
    "item": Text("项目编号", "Item id"),
    "justification": JUSTIFICATION,
    "kind": FIGURE_KIND,
    "label": NAME,
    "leaf": Text("叶哈希", "Leaf hash"),
    "position": Text("日志位置", "Position in the log"),
    "practice": PRACTICE,
    "zone": TIME_ZONE,
    "starts": Text("期限起算日", "Term counts from"),
    "term": Text("保管期限", "Retention term"),
    "fingerprint": Text("公钥的 SHA-256", "SHA-256 of the public key"),
    "schedule": Text("保管期限表文件的摘要", "Digest of the schedule's file"),
    "scheme": SIGNATURE_SCHEME,
    "public": Text("公钥", "Public key"),
    "since": Text("起始日期", "First day"),
    "only": CASE_ID,
    "accounts": Text("含账号、角色、密钥", "Accounts and their keys too"),
    "media_type": Text("文件类型", "Media type"),
    "cases": Text("评价事项数", "Number of cases"),
    "entries": Text("依据的日志条数", "Entries of the log it was drawn up from"),
    "root": Text("名次表的根", "Root of the ranking"),
    "replaces": Text("所取代名次表的根", "Root of the ranking replaced"),
    "member": UNIT_ID,
    "members": Text("涵盖单位", "Units covered"),
    "name": NAME,
    "note": NOTE,
    "notice": NOTICE,
    "number": NUMBER,
    "objection": Text("反馈意见编号", "Objection id"),
    "organisation": ORGANISATION,
    "outcome": Text("处理结果", "Outcome"),
    "parts": Text("各部分", "Parts"),
    "path": Text("指标层级", "Levels"),
    "penalty": Text("是否减分项", "Penalty item"),
    "period": Text("统计期间", "Period"),
    "place": Text("公开位置", "Place of disclosure"),
    "points": POINTS,
    "previous_edition": Text("原版本", "Previous edition"),
    "previous_sha256": Text("原文件摘要", "Digest of the previous edition"),
    "printed_base": PRINTED_BASE,
    "printed_bonus": PRINTED_BONUS,
    "printed_date": Text("所列日期", "Printed date"),
    "printed_grade": PRINTED_GRADE,
    "printed_rate": Text("所列得分率", "Printed rate"),
    "printed_score": Text("所列得分", "Printed score"),
    "printed_total": PRINTED_TOTAL,
    "printed_weight": Text("所列分值", "Printed weight"),
    "program": Text("制作程序的版本", "Version of the program"),
    "promises": Text("所答措施和承诺", "Promises answered"),
    "purpose": Text("用途", "Purpose"),
    "reason": REASON,
    "received": Text("签收日期", "Received"),
    "recipient": Text("受表彰者", "Recipient"),
    "recommendation": Text("建议编号", "Recommendation id"),
    "request": Text("整改要求编号", "Request id"),
    "requested": Text("请求得分", "Requested score"),
    "respond_by": Text("反馈期限", "Respond by"),
    "role": Text("角色", "Role"),
    "rubric": RUBRIC,
    "rulings": Text("决定项", "Rulings"),
    "scope": SCOPE,
    "score": SCORE,
    "sense": DIRECTION,
    "sha256": Text("SHA-256 摘要", "SHA-256 digest"),
    "size": BYTES,
    "source": SOURCE,
    "statement": STATEMENT,
    "stream": Text("流", "Stream"),
    "streams": Text("所依据的流", "Underlying streams"),
    "target": TARGET,
    "title": TITLE,
    "transcriber_note": TRANSCRIBER_NOTE,
    "undocumented": UNDOCUMENTED,
    "unfinished": Text("未到位的整改要求", "Unfinished requests"),
    "unit": UNIT_OF_MEASURE,
    "unit_name": Text("被评价单位名称", "Name of the unit"),
    "value": ACTUAL,
    "checkpoint": Text("检查点", "Checkpoint"),
    "roles": Text("角色", "Roles"),
    "keys": Text("密钥", "Keys"),
    "conflicts": Text("有利害关系的单位", "Units in conflict"),
    "linked": Text("同一人的其他账号", "Other accounts of the person"),
    "origin": Text("日志名称", "Name of the log"),
    "vkey": Text("日志公钥", "Public key of the log"),
    "last_year": Text("上年结果", "Result of the year before"),
    "receipt": Text("存证证明", "Receipt"),
    "CitedOutcome.case": Text("上年的评价事项", "Case of the year before"),
    "CitedOutcome.version": Text("上年结果的条号", "Version of that result"),
    "PredecessorNamed.size": Text("日志条数", "Size of the log"),
    "PredecessorNamed.root": Text("日志的根", "Root of the log"),
    "within": Text("上级单位", "Belongs to"),
    "year": YEAR,
    "AppealDecided.justification": Text("决定理由", "Reasons for the decision"),
    "AppealLodged.contests": CONTESTED,
    "BonusRecognised.justification": Text("认定理由", "Reasons for the recognition"),
    "BonusRefused.justification": Text("不予认定的理由", "Reasons for disallowing"),
    "CaseOpened.unit": UNIT,
    "ConflictDeclared.unit": UNIT,
    "ConflictEnded.unit": UNIT,
    "CaseReopened.request": Text("恢复办理申请的条号", "Version of the request"),
    "AccountCarriedOver.position": Text("在上一年度日志中的位置", "Position in the log before"),
    "Citation.place": PLACE,
    "Contested.version": Text("所涉核查得分的条号", "Version of the awarded score"),
    "DestructionAppraised.justification": Text("鉴定意见", "Reasons for the appraisal"),
    "EvidenceErased.ground": Text("销毁依据", "Legal basis"),
    "MergedStream.version": Text("末条条号", "Last version"),
    "ObjectionAnswered.justification": Text("答复理由", "Reasons for the answer"),
    "ObjectionRaised.contests": Text("所涉得分的条号", "Version of the contested score"),
    "RubricPublished.part": Text("第几段", "Number of the part"),
    "RubricPublished.parts": Text("共几段", "Number of parts"),
    "RubricPublished.source": Text("文件原文", "Text of the file"),
    "ScoreClaimed.justification": Text("自评理由", "Reasons for the claim"),
    "StreamEnd.version": Text("末条条号", "Last version"),
}
"""What a field of an event is called, by its name, where needed by the event that holds it."""

RUBRIC_CHANGES: Final[Mapping[str, Text]] = {
    "added": Text("新增", "added"),
    "removed": Text("删除", "removed"),
    "moved": Text("移位", "moved"),
    "weight": Text("分值", "weight"),
    "wording": Text("文字", "wording"),
    "rule": Text("规则", "rule"),
    "rubric": Text("总体", "rubric"),
}
"""What differs between two editions of a rubric."""
