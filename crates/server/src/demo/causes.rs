//! What people come for, by what the ground around them is used for. The ids are those of `fengtu_domain`'s tree.

use fengtu_wire::cases::Class;

use super::rhythm::Hours;

/// One cause of cases.
#[derive(Debug, Clone, Copy)]
pub struct Cause {
    /// Its category.
    pub category: &'static str,
    /// How often it comes up at each [`fengtu_wire::grids::LandUse`], in that order.
    pub weights: [f64; 10],
    /// How often it is urgent, ordinary, departmental, major.
    pub classes: [f64; 4],
    /// Median amount in yuan; 0: none.
    pub yuan: f64,
    /// How often five or more people come with it.
    pub group: f64,
    /// When it comes in.
    pub hours: Hours,
    /// The department whose business it is.
    pub department: &'static str,
}

/// The classes, in the order of [`Cause::classes`].
pub const CLASSES: [Class; 4] = [Class::Urgent, Class::Ordinary, Class::Departmental, Class::Major];

const LABOUR: &str = "区人力资源局";
const HOUSING: &str = "区住房和建设局";
const WOMEN: &str = "区妇联";
const JUSTICE: &str = "区司法局";
const CITY: &str = "区城市管理和综合执法局";
const CIVIL: &str = "区民政局";
const MIND: &str = "区心理服务中心";

// Weights in the order: estate, urban village, industrial park, commercial, school, hospital, site, green, farmland, other.
const fn cause(
    category: &'static str,
    weights: [f64; 10],
    classes: [f64; 4],
    (yuan, group): (f64, f64),
    hours: Hours,
    department: &'static str,
) -> Cause {
    Cause { category, weights, classes, yuan, group, hours, department }
}

/// All causes.
pub const CAUSES: &[Cause] = &[
    cause(
        "mediation.wages",
        [2.0, 7.0, 42.0, 12.0, 2.0, 2.0, 60.0, 4.0, 5.0, 14.0],
        [0.03, 0.42, 0.38, 0.17],
        (9000.0, 0.10),
        Hours::Office,
        LABOUR,
    ),
    cause(
        "mediation.family",
        [8.0, 8.0, 3.0, 2.0, 1.0, 1.0, 1.0, 1.0, 3.0, 1.0],
        [0.03, 0.77, 0.15, 0.05],
        (0.0, 0.0),
        Hours::Home,
        WOMEN,
    ),
    cause(
        "mediation.domestic_violence",
        [1.4, 2.0, 0.8, 0.3, 0.2, 0.5, 0.3, 0.1, 0.6, 0.2],
        [0.50, 0.25, 0.20, 0.05],
        (0.0, 0.0),
        Hours::Night,
        WOMEN,
    ),
    cause(
        "mediation.minors",
        [0.5, 0.6, 0.1, 0.3, 5.0, 0.5, 0.0, 0.2, 0.3, 0.1],
        [0.15, 0.45, 0.35, 0.05],
        (0.0, 0.0),
        Hours::Home,
        "区教育局",
    ),
    cause(
        "mediation.neighbours",
        [13.0, 9.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.5, 4.0, 1.0],
        [0.01, 0.87, 0.09, 0.03],
        (1200.0, 0.01),
        Hours::Home,
        JUSTICE,
    ),
    cause(
        "mediation.property",
        [24.0, 4.0, 3.0, 6.0, 1.0, 1.0, 0.2, 0.2, 0.2, 3.0],
        [0.01, 0.56, 0.36, 0.07],
        (2600.0, 0.07),
        Hours::Home,
        HOUSING,
    ),
    cause(
        "mediation.lift",
        [6.0, 1.5, 0.2, 0.3, 0.0, 0.0, 0.0, 0.0, 0.0, 0.2],
        [0.01, 0.40, 0.42, 0.17],
        (0.0, 0.12),
        Hours::Home,
        HOUSING,
    ),
    cause(
        "mediation.housing",
        [5.0, 20.0, 3.0, 8.0, 0.5, 0.5, 0.5, 0.2, 1.0, 2.0],
        [0.02, 0.76, 0.18, 0.04],
        (4200.0, 0.02),
        Hours::Home,
        HOUSING,
    ),
    cause(
        "mediation.land",
        [0.2, 2.0, 0.6, 0.2, 0.1, 0.1, 1.5, 4.0, 24.0, 1.5],
        [0.01, 0.24, 0.45, 0.30],
        (38_000.0, 0.10),
        Hours::Office,
        "规划自然资源局光明管理局",
    ),
    cause(
        "mediation.medical",
        [0.5, 0.5, 0.3, 0.3, 0.2, 48.0, 0.2, 0.0, 0.2, 0.2],
        [0.05, 0.30, 0.45, 0.20],
        (16_000.0, 0.02),
        Hours::Office,
        "区卫生健康局",
    ),
    cause(
        "mediation.traffic",
        [3.0, 4.0, 6.0, 6.0, 5.0, 4.0, 5.0, 7.0, 7.0, 14.0],
        [0.06, 0.66, 0.23, 0.05],
        (6500.0, 0.0),
        Hours::Home,
        "交警光明大队",
    ),
    cause(
        "mediation.consumer",
        [5.0, 4.0, 1.0, 32.0, 1.0, 1.0, 0.2, 1.0, 1.0, 2.0],
        [0.01, 0.77, 0.19, 0.03],
        (900.0, 0.02),
        Hours::Home,
        "区市场监督管理局",
    ),
    cause(
        "mediation.new_economy",
        [1.2, 3.0, 2.0, 5.0, 0.2, 0.2, 0.2, 0.1, 0.2, 2.5],
        [0.02, 0.58, 0.33, 0.07],
        (3800.0, 0.05),
        Hours::Home,
        LABOUR,
    ),
    cause(
        "mediation.school",
        [0.8, 0.8, 0.1, 0.4, 46.0, 0.1, 0.1, 0.1, 0.2, 0.1],
        [0.04, 0.56, 0.34, 0.06],
        (2000.0, 0.06),
        Hours::Office,
        "区教育局",
    ),
    cause(
        "mediation.construction",
        [1.5, 1.5, 3.0, 1.5, 1.5, 1.0, 24.0, 1.0, 2.0, 4.0],
        [0.02, 0.33, 0.45, 0.20],
        (52_000.0, 0.06),
        Hours::Office,
        HOUSING,
    ),
    cause(
        "mediation.environment",
        [12.0, 10.0, 8.0, 11.0, 2.0, 3.0, 13.0, 7.0, 5.0, 8.0],
        [0.01, 0.72, 0.24, 0.03],
        (0.0, 0.03),
        Hours::Night,
        "生态环境局光明管理局",
    ),
    cause(
        "mediation.other",
        [2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0],
        [0.02, 0.70, 0.22, 0.06],
        (1500.0, 0.02),
        Hours::Office,
        "区委政法委",
    ),
    cause(
        "complaints.city",
        [5.0, 9.0, 3.0, 7.0, 3.0, 3.0, 4.0, 16.0, 9.0, 7.0],
        [0.0, 0.80, 0.19, 0.01],
        (0.0, 0.01),
        Hours::Office,
        CITY,
    ),
    cause(
        "complaints.facilities",
        [7.0, 7.0, 4.0, 5.0, 4.0, 3.0, 2.0, 16.0, 7.0, 7.0],
        [0.02, 0.66, 0.31, 0.01],
        (0.0, 0.01),
        Hours::Office,
        CITY,
    ),
    cause(
        "complaints.traffic",
        [8.0, 8.0, 6.0, 11.0, 12.0, 11.0, 3.0, 6.0, 2.0, 16.0],
        [0.01, 0.68, 0.30, 0.01],
        (0.0, 0.01),
        Hours::Home,
        "交警光明大队",
    ),
    cause(
        "complaints.safety",
        [4.0, 8.0, 9.0, 4.0, 3.0, 2.0, 15.0, 6.0, 5.0, 7.0],
        [0.16, 0.50, 0.30, 0.04],
        (0.0, 0.01),
        Hours::Office,
        "区应急管理局",
    ),
    cause(
        "complaints.service",
        [1.5, 1.5, 1.5, 1.5, 1.0, 2.0, 1.0, 0.3, 1.0, 1.0],
        [0.0, 0.72, 0.27, 0.01],
        (0.0, 0.0),
        Hours::Office,
        "区政务服务和数据管理局",
    ),
    cause(
        "complaints.suggestion",
        [2.0, 1.2, 1.0, 1.2, 2.0, 1.0, 0.4, 2.5, 1.0, 1.0],
        [0.0, 0.70, 0.30, 0.0],
        (0.0, 0.0),
        Hours::Home,
        "区委政法委",
    ),
    cause(
        "assistance.hardship",
        [1.6, 3.0, 1.0, 0.6, 0.6, 3.0, 0.6, 0.3, 3.0, 0.6],
        [0.02, 0.60, 0.35, 0.03],
        (0.0, 0.0),
        Hours::Office,
        CIVIL,
    ),
    cause(
        "assistance.elderly",
        [2.6, 2.0, 0.3, 0.6, 0.2, 1.5, 0.1, 0.3, 2.0, 0.3],
        [0.04, 0.68, 0.27, 0.01],
        (0.0, 0.0),
        Hours::Office,
        CIVIL,
    ),
    cause(
        "assistance.employment",
        [1.2, 3.0, 4.0, 1.5, 0.8, 0.2, 0.6, 0.2, 1.0, 0.8],
        [0.0, 0.70, 0.30, 0.0],
        (0.0, 0.01),
        Hours::Office,
        LABOUR,
    ),
    cause(
        "assistance.emergency",
        [0.7, 1.0, 0.7, 0.6, 0.5, 1.0, 1.0, 1.2, 1.0, 0.9],
        [0.72, 0.20, 0.08, 0.0],
        (0.0, 0.0),
        Hours::Night,
        "区应急管理局",
    ),
    cause(
        "legal.advice",
        [4.0, 5.0, 6.0, 5.0, 1.0, 1.5, 3.0, 0.3, 2.0, 2.0],
        [0.0, 0.92, 0.08, 0.0],
        (0.0, 0.0),
        Hours::Office,
        JUSTICE,
    ),
    cause(
        "legal.aid",
        [0.8, 1.6, 2.6, 0.8, 0.3, 0.8, 2.6, 0.1, 0.6, 0.8],
        [0.0, 0.50, 0.47, 0.03],
        (12_000.0, 0.02),
        Hours::Office,
        JUSTICE,
    ),
    cause(
        "legal.confirmation",
        [0.9, 1.1, 1.6, 0.8, 0.3, 1.6, 1.6, 0.1, 0.6, 0.5],
        [0.0, 0.85, 0.15, 0.0],
        (21_000.0, 0.02),
        Hours::Office,
        JUSTICE,
    ),
    cause(
        "psychological.counselling",
        [2.2, 1.7, 1.6, 0.7, 5.0, 5.0, 0.6, 0.2, 0.5, 0.4],
        [0.02, 0.88, 0.10, 0.0],
        (0.0, 0.0),
        Hours::Home,
        MIND,
    ),
    cause(
        "psychological.crisis",
        [0.20, 0.22, 0.18, 0.06, 0.5, 0.8, 0.1, 0.05, 0.1, 0.05],
        [0.85, 0.10, 0.05, 0.0],
        (0.0, 0.0),
        Hours::Night,
        MIND,
    ),
];
