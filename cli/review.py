"""`scoretrail review`: the reviewer's figures, awards and findings, and the bureau's result."""

from cli.command_parameters import recording_commands
from cli.countersigning import countersign_all
from cli.group import CommandGroup
from cli.language import t

review = CommandGroup("review", help=t("核查与结果。", "The review and its result."))

recording_commands(
    review,
    """
    return return-submission | agency-reviewer | --reason 缺基础数据
    restate restate-figure figure_id | agency-reviewer | lift-inspections --value 482 \
        --reason 以检验台账为准
    confirm-figure confirm-figure figure | agency-reviewer | lift-inspections
    claim restate-claim indicator score | agency-reviewer | e-contracts 1.00 --reason 核查表所列
    confirm confirm-score indicator | agency-reviewer | internal-control \
        --justification 办法已备案
    adjust adjust-score indicator award | agency-reviewer | output-goals 16.00 \
        --justification 三项未完成 --ground 考虑客观因素
    exclude exclude-indicator indicator | agency-reviewer | revenue-remittance \
        --justification 本年没有处置和出租 --ground 没有应上缴的收益
    countersign countersign-adjustment indicator | agency-lead | output-goals
    amend amend-reason indicator | agency-reviewer | output-goals --clause 附件2第三条 \
        --reason 原条款引用有误
    withdraw withdraw-adjustment indicator | agency-reviewer | output-goals --reason 录入有误
    recognise recognise-bonus item | agency-reviewer | bonus-fire-safety --points 1 \
        --justification 表彰文件属实
    refuse refuse-bonus item | agency-reviewer | bonus-fire-safety \
        --justification 不属于规定的表彰层级
    penalty record-penalty item | agency-reviewer | accountability --title 问责一次 --points 1 \
        --justification 通报属实
    finding raise-finding finding | agency-reviewer | targets --title 目标设置不合理 \
        --statement 目标用上限表述 --indicator system-execution
    recommendation make-recommendation recommendation | agency-reviewer | set-targets \
        --title 改进目标 --statement 目标写明下限
    draft send-draft | agency-lead --dated 2024-12-30 | --respond-by 2025-01-15
    deliver deliver-report | agency-lead | --printed-total 93.89 --printed-grade 优
    issue issue-result | bureau-officer | --printed-total 93.89 --printed-grade 优
    receive record-receipt | unit-filer | --on 2025-01-06
    correct correct-result indicator award | bureau-officer | e-contracts 0.38 --number 更正1号 \
        --justification 舍入更正
    publish publish-result | unit-filer | --place 单位门户网站
    """,
)
review.later("countersign-all", "countersign-all", countersign_all)
