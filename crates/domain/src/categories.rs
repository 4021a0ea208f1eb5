//! The built-in category tree: the five services of a station, and what people come for.

use fengtu_wire::cases::Sensitivity::{self, Internal, Public, Restricted, Sensitive};
use fengtu_wire::config::Category;
use fengtu_wire::ids::CategoryId;
use fengtu_wire::text::LocalText;

/// The first-level category of psychological service, restricted altogether.
pub const PSYCHOLOGICAL: &str = "psychological";

/// Id, least sensitivity, Chinese, English. The parent is what stands before the dot.
type Row = (&'static str, Sensitivity, &'static str, &'static str);

/// The tree, parents before children.
const ROWS: &[Row] = &[
    ("mediation", Internal, "纠纷调处", "Dispute mediation"),
    ("mediation.wages", Internal, "劳资欠薪", "Labour and wages"),
    ("mediation.family", Sensitive, "婚姻家庭", "Family and marriage"),
    ("mediation.domestic_violence", Restricted, "家庭暴力", "Domestic violence"),
    ("mediation.minors", Restricted, "未成年人", "Minors"),
    ("mediation.neighbours", Internal, "邻里纠纷", "Neighbours"),
    ("mediation.property", Internal, "物业管理", "Property management"),
    ("mediation.lift", Internal, "加装电梯", "Lift installation"),
    ("mediation.housing", Internal, "房屋租赁", "Housing and rent"),
    ("mediation.land", Internal, "土地流转", "Land"),
    ("mediation.medical", Sensitive, "医患纠纷", "Medical"),
    ("mediation.traffic", Internal, "交通事故", "Traffic"),
    ("mediation.consumer", Internal, "消费纠纷", "Consumer"),
    ("mediation.new_economy", Internal, "新业态(主播/骑手)", "New-economy work (streamers, riders)"),
    ("mediation.school", Sensitive, "校园纠纷", "School"),
    ("mediation.construction", Internal, "工程建设", "Construction"),
    ("mediation.environment", Public, "噪声环境", "Environment and noise"),
    ("mediation.other", Internal, "其他纠纷", "Other disputes"),
    ("complaints", Internal, "投诉建议", "Complaints and suggestions"),
    ("complaints.city", Public, "市容环卫", "City appearance and cleaning"),
    ("complaints.facilities", Public, "公共设施", "Public facilities"),
    ("complaints.traffic", Public, "交通停车", "Traffic and parking"),
    ("complaints.safety", Internal, "安全隐患", "Safety hazards"),
    ("complaints.service", Internal, "政务服务", "Government service"),
    ("complaints.suggestion", Public, "意见建议", "Suggestions"),
    ("assistance", Internal, "帮扶救助", "Assistance"),
    ("assistance.hardship", Sensitive, "困难救助", "Hardship relief"),
    ("assistance.elderly", Internal, "养老助残", "Elderly and disabled people"),
    ("assistance.employment", Internal, "就业帮扶", "Employment"),
    ("assistance.emergency", Internal, "应急救助", "Emergency aid"),
    ("legal", Internal, "法律服务", "Legal service"),
    ("legal.advice", Internal, "法律咨询", "Legal advice"),
    ("legal.aid", Internal, "法律援助", "Legal aid"),
    ("legal.confirmation", Internal, "司法确认", "Judicial confirmation"),
    (PSYCHOLOGICAL, Restricted, "心理服务", "Psychological service"),
    ("psychological.counselling", Restricted, "心理咨询", "Counselling"),
    ("psychological.crisis", Restricted, "心理危机", "Psychological crisis"),
];

/// The first-level category of disputes, which can be mediated.
pub const MEDIATION: &str = "mediation";

/// Returns the built-in tree, parents before children.
pub fn tree() -> Vec<Category> {
    ROWS.iter().map(category).collect()
}

fn category(&(id, sensitivity, zh, en): &Row) -> Category {
    let parent = id.split_once('.').map(|(parent, _)| CategoryId::from(parent));
    Category { id: id.into(), parent, name: LocalText::new(zh, en), sensitivity }
}

/// Returns whether a category is about mental health, which a counsellor is there for.
pub fn is_mental_health(category: &CategoryId) -> bool {
    is_under(category, PSYCHOLOGICAL)
}

/// Returns whether a category is a kind of dispute.
pub fn is_dispute(category: &CategoryId) -> bool {
    is_under(category, MEDIATION)
}

fn is_under(category: &CategoryId, first: &str) -> bool {
    category.as_str().split('.').next() == Some(first)
}
