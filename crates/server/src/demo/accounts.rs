//! The accounts to try the demo with; they exist in demo mode only, and their password is no secret.

use fengtu_wire::ids::PlaceId;
use fengtu_wire::session::Role;

/// An account of the demo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoAccount {
    /// The login name.
    pub name: &'static str,
    /// The password.
    pub password: &'static str,
    /// Its role.
    pub role: Role,
    /// The node it belongs to; absent where the role has none.
    pub place: Option<PlaceId>,
    /// What to call them, in Chinese.
    pub display_name: &'static str,
    /// The same in English.
    pub display_name_en: &'static str,
    /// Staff number, shown in the watermark; a device has none.
    pub staff_number: Option<&'static str>,
}

/// The password of all demo accounts.
pub const PASSWORD: &str = "fengtu-demo";

/// Name, role, place, Chinese, English, staff number; an empty text stands for none.
type Row = (&'static str, Role, &'static str, &'static str, &'static str, &'static str);

const ROWS: &[Row] = &[
    ("leader", Role::DistrictLeader, "440311", "区领导", "District leader", "GM0001"),
    ("street", Role::Street, "440311001", "光明街道 综治办", "Guangming Street office", "GM1001"),
    ("street2", Role::Street, "440311006", "马田街道 综治办", "Matian Street office", "GM6001"),
    (
        "secretary",
        Role::CommunitySecretary,
        "440311001003",
        "东周社区 党委书记",
        "Dongzhou Community secretary",
        "GM1301",
    ),
    ("clerk", Role::CommunityClerk, "440311001003", "东周社区 经办员", "Dongzhou Community clerk", "GM1302"),
    ("grid", Role::GridMember, "440311001003001", "东周第1网格 网格员", "Dongzhou Grid 1 member", "GM1311"),
    ("department", Role::Department, "440311", "区人力资源局 经办员", "District labour department clerk", "GM0201"),
    ("mediator", Role::Mediator, "440311001", "光明街道 人民调解员", "Guangming Street mediator", "GM1401"),
    ("counsellor", Role::Counsellor, "440311", "区心理服务中心 咨询师", "District counsellor", "GM0301"),
    ("court", Role::CourtClerk, "440311", "区法院 书记员", "Court clerk", "GM0401"),
    ("wall", Role::Wall, "440311", "区指挥中心 大屏", "Command centre wall", ""),
    ("sysadmin", Role::SystemAdmin, "", "系统管理员", "System administrator", "GM0901"),
    ("secadmin", Role::SecurityAdmin, "", "安全管理员", "Security administrator", "GM0902"),
    ("auditor", Role::Auditor, "", "安全审计员", "Auditor", "GM0903"),
];

/// Lists the demo accounts.
pub fn accounts() -> Vec<DemoAccount> {
    let some = |s: &'static str| (!s.is_empty()).then_some(s);
    let account = |&(name, role, place, display_name, display_name_en, staff): &Row| DemoAccount {
        name,
        password: PASSWORD,
        role,
        place: some(place).map(PlaceId::from),
        display_name,
        display_name_en,
        staff_number: some(staff),
    };
    ROWS.iter().map(account).collect()
}
