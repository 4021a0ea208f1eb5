//! What people say: a title and a description by category. Titles never hold a person's name.
//!
//! `{site}` is what stands there, `{road}` a road beside it, `{n}` a small number, `{m}` months, `{floor}` a storey,
//! `{people}` how many came, `{yuan}` the amount.

use super::dice::Dice;

/// Titles and descriptions of one category.
type Texts = (&'static str, &'static [&'static str], &'static [&'static str]);

const TEXTS: &[Texts] = &[
    (
        "mediation.wages",
        &[
            "{site}一企业拖欠工资{m}个月",
            "{site}务工人员反映被欠薪",
            "{site}离职工资未结清",
            "{site}加班费支付争议",
            "{site}劳务班组工资未发放",
        ],
        &[
            "在{site}上班,已有{m}个月未发工资,共{yuan}元,多次找主管都说再等等。",
            "离职已{n}0天,公司仍未结清工资{yuan}元,希望协调尽快支付。",
            "包工头称工程款没有到账,{people}人的工资一直没有着落,涉及{yuan}元。",
            "加班费没有按规定计算,与公司多次协商无果,希望调解。",
        ],
    ),
    (
        "mediation.family",
        &["{site}住户家庭矛盾调解", "{site}夫妻感情纠纷求助", "{site}赡养费用争议", "{site}离婚财产分割咨询调解"],
        &[
            "夫妻长期争吵,影响老人孩子,希望社区上门调解。",
            "兄弟姐妹对老人赡养费用分担意见不一,请求调解。",
            "双方已分居{m}个月,对孩子抚养和财产有争议。",
        ],
    ),
    (
        "mediation.domestic_violence",
        &["{site}家庭暴力求助", "{site}住户遭家暴报警后跟进", "{site}人身安全保护求助"],
        &[
            "家中发生肢体冲突,当事人害怕再次受到伤害,请求保护。",
            "邻居听到长时间打骂声,担心有人受伤,请上门了解。",
            "报警后仍被威胁,希望申请人身安全保护令。",
        ],
    ),
    (
        "mediation.minors",
        &["{site}未成年人权益求助", "{site}学生纠纷涉未成年人", "{site}未成年人监护问题"],
        &[
            "孩子在校与同学发生冲突,双方家长意见不一。",
            "孩子长期无人照看,希望社区协助联系监护人。",
            "孩子情绪低落不愿上学,希望得到帮助。",
        ],
    ),
    (
        "mediation.neighbours",
        &[
            "{site}楼上漏水致楼下受损",
            "{site}邻里噪声纠纷",
            "{site}公共走道堆物纠纷",
            "{site}养犬扰邻纠纷",
            "{site}空调外机滴水纠纷",
        ],
        &[
            "楼上{floor}楼卫生间漏水,天花板已发霉,维修费{yuan}元双方谈不拢。",
            "楼上住户每晚拖动桌椅到很晚,沟通过{n}次没有改善。",
            "邻居把鞋柜和杂物放在走道,出入不便也有消防隐患。",
            "邻居家的狗整夜叫,老人休息不好。",
        ],
    ),
    (
        "mediation.property",
        &[
            "{site}物业费上涨争议",
            "{site}电梯频繁故障物业不修",
            "{site}停车位管理纠纷",
            "{site}物业服务质量投诉",
            "{site}公共收益公示争议",
        ],
        &[
            "物业没有征求意见就上调费用,{people}户业主不同意。",
            "{floor}楼电梯这个月已经坏了{n}次,老人上下楼很困难。",
            "地下车位只卖不租,小区内车辆无处停放。",
            "小区绿化和保洁越来越差,物业一直敷衍。",
        ],
    ),
    (
        "mediation.lift",
        &["{site}加装电梯低层住户反对", "{site}加装电梯费用分摊争议", "{site}加装电梯施工受阻"],
        &[
            "单元计划加装电梯,一二楼担心采光和噪声,签字卡住了。",
            "各楼层分摊比例谈不拢,已经开了{n}次会。",
            "电梯施工到一半,有住户阻拦,希望社区协调。",
        ],
    ),
    (
        "mediation.housing",
        &["{site}租房押金不退", "{site}房东提前收房纠纷", "{site}水电费收费争议", "{site}群租房安全与退租纠纷"],
        &[
            "租期已满,房东以墙面损坏为由扣下押金{yuan}元。",
            "房东要求{n}天内搬走,没有按合同赔偿。",
            "水电费单价高于标准,房东不肯提供单据。",
            "二房东失联,房东要求重新交租{yuan}元。",
        ],
    ),
    (
        "mediation.land",
        &["{site}一带土地流转补偿争议", "{site}青苗补偿款争议", "{site}承包地界址纠纷"],
        &[
            "土地流转款{yuan}元迟迟没有发放,{people}户村民着急。",
            "施工占用了菜地,青苗补偿标准谈不拢。",
            "两家承包地界址不清,种植时发生争执。",
        ],
    ),
    (
        "mediation.medical",
        &["{site}诊疗费用争议", "{site}患者对治疗结果有异议", "{site}医患沟通纠纷"],
        &[
            "对手术后的恢复情况有异议,希望得到解释和补偿。",
            "检查项目和收费{yuan}元不清楚,要求院方说明。",
            "就诊等待时间长,与医护人员发生争执。",
        ],
    ),
    (
        "mediation.traffic",
        &[
            "{road}两车剐蹭赔偿争议",
            "{road}路口电动自行车碰撞纠纷",
            "{road}交通事故误工费争议",
            "{road}行人受伤赔偿纠纷",
        ],
        &[
            "在{road}发生剐蹭,对方不同意责任划分,维修费{yuan}元。",
            "电动车在{road}路口相撞,医药费{yuan}元没有谈拢。",
            "事故后误工{n}天,对方拒绝支付误工费。",
        ],
    ),
    (
        "mediation.consumer",
        &["{site}预付卡退费纠纷", "{site}商户商品质量纠纷", "{site}培训机构退费争议", "{site}餐饮消费纠纷"],
        &[
            "健身卡剩余{m}个月,店铺停业不退费,金额{yuan}元。",
            "购买的商品有质量问题,商家不肯退换。",
            "课程没有按约开课,要求退费{yuan}元。",
            "结账金额与标价不符,商家态度不好。",
        ],
    ),
    (
        "mediation.new_economy",
        &["{site}外卖骑手配送费争议", "{site}骑手受伤保障纠纷", "{site}主播合约解约争议"],
        &[
            "站点无故扣配送费{yuan}元,申诉没有回应。",
            "送餐途中受伤,平台和站点互相推责。",
            "与直播公司解约,对方要求违约金{yuan}元。",
        ],
    ),
    (
        "mediation.school",
        &["{site}校园伤害责任争议", "{site}家校沟通纠纷", "{site}课后服务收费争议", "{site}上下学接送秩序纠纷"],
        &[
            "孩子在体育课上受伤,医药费{yuan}元的责任不清。",
            "对老师的处理方式有意见,希望学校当面沟通。",
            "课后服务收费没有说明,{people}位家长希望公开。",
        ],
    ),
    (
        "mediation.construction",
        &["{site}工程款结算争议", "{site}施工致房屋开裂纠纷", "{site}装修质量纠纷", "{site}分包工程款拖欠"],
        &[
            "工程已完工{m}个月,尾款{yuan}元没有支付。",
            "旁边打桩后家里墙面开裂,要求鉴定和赔偿。",
            "装修后多处返工,双方对责任和费用{yuan}元有争议。",
        ],
    ),
    (
        "mediation.environment",
        &[
            "{site}夜间施工噪声扰民",
            "{site}夜市噪声油烟扰民",
            "{site}工厂异味扰民",
            "{site}广场舞音量过大",
            "{road}夜间货车鸣笛扰民",
        ],
        &[
            "晚上{n}点以后还在施工,家里有学生,无法休息。",
            "楼下夜市到凌晨还很吵,油烟飘进屋里。",
            "夜里闻到刺鼻气味,已持续{n}天,担心影响健康。",
            "广场舞音响太大,沟通后没几天又恢复原样。",
        ],
    ),
    (
        "mediation.other",
        &["{site}合伙纠纷调解", "{site}借款纠纷调解", "{site}其他矛盾纠纷"],
        &[
            "合伙经营后账目不清,对方不肯对账,涉及{yuan}元。",
            "借出{yuan}元到期未还,希望调解。",
            "双方因琐事发生口角,希望社区出面说和。",
        ],
    ),
    (
        "complaints.city",
        &["{site}垃圾堆放无人清理", "{road}占道经营", "{site}卫生死角", "{road}流动摊贩聚集", "{site}乱张贴小广告"],
        &["垃圾点已{n}天没有清运,气味很大。", "{road}两侧占道摆摊,行人只能走机动车道。", "后巷积水和垃圾多,蚊虫滋生。"],
    ),
    (
        "complaints.facilities",
        &["{road}路灯不亮", "{road}井盖破损", "{site}健身器材损坏", "{road}人行道地砖松动", "{site}排水口堵塞"],
        &[
            "{road}有{n}盏路灯不亮,晚上很黑。",
            "井盖松动,车辆经过响声很大,怕有人掉下去。",
            "健身器材螺丝松了,小孩子玩很危险。",
            "下雨就积水,排水口被树叶堵住。",
        ],
    ),
    (
        "complaints.traffic",
        &["{road}违停严重", "{road}红绿灯时间不合理", "{site}停车难", "{road}早晚高峰拥堵", "{road}电动车乱停放"],
        &["{road}两侧长期违停,公交车都过不去。", "行人绿灯太短,老人走不到对面。", "晚上回来没有车位,绕了{n}圈。"],
    ),
    (
        "complaints.safety",
        &[
            "{site}消防通道被堵",
            "{site}电动车飞线充电",
            "{site}外墙脱落隐患",
            "{site}电线私拉乱接",
            "{site}疑似燃气异味",
        ],
        &[
            "消防通道停满电动车,出事后果不堪设想。",
            "{floor}楼有人飞线充电,下雨天很危险。",
            "外墙瓷砖有掉落,楼下经常有小孩。",
            "楼道里闻到煤气味,请尽快派人查看。",
        ],
    ),
    (
        "complaints.service",
        &["办事窗口材料反复补交", "{site}片区办证流程咨询投诉", "服务热线难以接通"],
        &[
            "同一件事跑了{n}趟,每次要求的材料都不一样。",
            "网上预约不到号,希望增加名额。",
            "电话打了{n}次才接通,希望改进。",
        ],
    ),
    (
        "complaints.suggestion",
        &["建议{site}附近增设公交站", "建议{road}增设过街设施", "建议{site}增加充电桩", "建议{site}增设儿童活动场地"],
        &[
            "附近居民多,最近的公交站要走{n}00米。",
            "过马路要绕很远,建议增设斑马线或天桥。",
            "电动车越来越多,充电桩不够用。",
        ],
    ),
    (
        "assistance.hardship",
        &["{site}困难家庭临时救助申请", "{site}大病家庭求助", "{site}低保政策咨询求助"],
        &[
            "家中主要劳动力生病住院,{m}个月没有收入。",
            "医药费负担重,希望申请临时救助。",
            "想了解低保和医疗救助的条件。",
        ],
    ),
    (
        "assistance.elderly",
        &["{site}独居老人上门照料需求", "{site}残疾人辅具申请", "{site}长者饭堂配餐申请"],
        &["老人独居,腿脚不便,希望有人定期上门。", "需要申请轮椅,不清楚流程。", "老人做饭困难,希望申请配餐。"],
    ),
    (
        "assistance.employment",
        &["{site}失业人员求职帮扶", "{site}技能培训报名咨询", "{site}就业困难人员登记"],
        &[
            "工厂搬迁后失业{m}个月,希望介绍附近的岗位。",
            "想参加免费的技能培训,不知道怎么报名。",
            "孩子上学后想找一份时间灵活的工作。",
        ],
    ),
    (
        "assistance.emergency",
        &["{site}有人被困求助", "{site}突发疾病求助", "{site}水管爆裂紧急求助", "{site}老人走失求助"],
        &[
            "电梯停在{floor}楼,里面有{n}个人。",
            "路边有人晕倒,请尽快派人。",
            "水管爆裂,水已经流进配电间。",
            "老人下午出门后一直没有回来。",
        ],
    ),
    (
        "legal.advice",
        &["{site}劳动合同法律咨询", "{site}租赁合同法律咨询", "{site}婚姻继承法律咨询", "{site}民间借贷法律咨询"],
        &[
            "想咨询解除劳动合同的补偿怎么算。",
            "租赁合同到期前被要求搬走,能否要求赔偿。",
            "想了解遗嘱和继承的手续。",
            "借条没有写还款时间,该怎么办。",
        ],
    ),
    (
        "legal.aid",
        &["{site}工伤赔偿法律援助申请", "{site}讨薪法律援助申请", "{site}交通事故法律援助申请"],
        &[
            "工伤后单位不肯赔偿{yuan}元,请不起律师。",
            "被欠薪{yuan}元,想申请法律援助。",
            "对方拒绝赔偿,希望有律师帮忙。",
        ],
    ),
    (
        "legal.confirmation",
        &["{site}调解协议司法确认申请", "{site}分期付款协议司法确认", "{site}赔偿协议司法确认"],
        &["双方已签调解协议,金额{yuan}元,申请线上司法确认。", "担心对方反悔,希望对协议做司法确认。"],
    ),
    (
        "psychological.counselling",
        &["{site}心理咨询预约", "{site}情绪困扰求助", "{site}亲子沟通心理咨询"],
        &["近来压力大,睡眠不好,希望预约咨询。", "与孩子沟通困难,希望得到指导。", "工作变动后情绪低落,想找人聊聊。"],
    ),
    (
        "psychological.crisis",
        &["{site}心理危机干预求助", "{site}紧急心理援助"],
        &["家人情绪激动,担心出现意外,请尽快联系。", "朋友发来令人担心的消息,请协助查看。"],
    ),
];

/// What a text is filled with.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// What stands there.
    pub site: &'a str,
    /// A road beside it.
    pub road: &'a str,
    /// How many people came.
    pub people: u32,
    /// Amount in yuan.
    pub yuan: i64,
    /// Storeys of the building.
    pub floors: u16,
}

/// Writes a title and a description for a category.
pub fn compose(category: &str, facts: Facts<'_>, dice: &mut Dice) -> (String, String) {
    let (titles, descriptions) =
        TEXTS.iter().find(|t| t.0 == category).map_or((&["{site}群众诉求"][..], &["请协助处理。"][..]), |t| (t.1, t.2));
    let (title, description) = (dice.pick(titles), dice.pick(descriptions));
    let (n, m, floor) = (dice.whole(2, 9), dice.whole(2, 6), dice.whole(1, u32::from(facts.floors.max(2))));
    let fill = |text: &str| {
        text.replace("{site}", facts.site)
            .replace("{road}", facts.road)
            .replace("{n}", &n.to_string())
            .replace("{m}", &m.to_string())
            .replace("{floor}", &floor.to_string())
            .replace("{people}", &facts.people.max(2).to_string())
            .replace("{yuan}", &facts.yuan.max(100).to_string())
    };
    (fill(title), fill(description))
}

/// Returns whether a category has texts of its own.
#[cfg(test)]
pub fn has(category: &str) -> bool {
    TEXTS.iter().any(|t| t.0 == category)
}
