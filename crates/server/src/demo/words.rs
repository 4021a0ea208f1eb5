//! Invented names: roads, estates, parks, schools, people. Ordinary words put together; nobody and nothing real is meant.

use super::dice::Dice;

/// First characters of invented place names.
const FIRST: &[&str] = &[
    "光", "凤", "玉", "新", "明", "华", "碧", "松", "茅", "东", "长", "田", "石", "龙", "科", "创", "星", "云", "荔",
    "桂", "榕", "竹", "兰", "金", "银", "福", "安", "和", "德", "仁", "惠", "永", "祥", "泰", "兴", "汇", "锦", "翠",
    "清", "嘉", "宏", "远", "盛",
];
/// Second characters of invented place names.
const SECOND: &[&str] = &[
    "辉", "湖", "河", "林", "园", "泉", "山", "桥", "岗", "岭", "峰", "谷", "洲", "城", "源", "康", "达", "荣", "昌",
    "平", "宁", "乐", "丰", "景", "悦", "韵", "逸", "朗", "腾", "瑞", "庭", "川", "溪",
];
/// Family names, common ones first.
const SURNAMES: &[&str] = &[
    "李", "王", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭", "何", "林", "罗",
    "高", "梁", "郑", "谢", "宋", "唐", "许", "邓", "冯", "韩", "曹", "曾", "彭", "肖", "蔡", "潘", "田", "董", "袁",
    "于", "余", "叶", "蒋", "杜", "苏", "魏", "程",
];
/// Characters of given names.
const GIVEN: &[&str] = &[
    "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超", "秀", "霞",
    "平", "刚", "桂", "英", "华", "玲", "辉", "建", "国", "文", "志", "海", "春", "梅", "雪", "婷", "佳", "俊", "凯",
    "欣", "雨", "晨", "浩", "子", "宇", "思", "琪", "小", "晓", "红", "兰", "云", "飞", "波", "斌", "鹏", "成", "龙",
    "林", "生", "金", "玉", "荣", "福", "德", "永", "少", "家", "耀",
];
/// Chinese numerals from one on.
pub const NUMERALS: &[&str] = &["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"];

/// Lists every invented two-character word, in random order.
pub fn place_words(dice: &mut Dice) -> Vec<String> {
    let mut words: Vec<String> = FIRST.iter().flat_map(|a| SECOND.iter().map(move |b| format!("{a}{b}"))).collect();
    dice.shuffle(&mut words);
    words
}

/// Invents a person's name.
pub fn person(dice: &mut Dice) -> String {
    // Common surnames come first: the square of a uniform number prefers them.
    let x = dice.unit();
    let surname = SURNAMES[((x * x * SURNAMES.len() as f64) as usize).min(SURNAMES.len() - 1)];
    let first = dice.pick(GIVEN);
    let second = if dice.chance(0.78) { dice.pick(GIVEN) } else { "" };
    format!("{surname}{first}{second}")
}

/// Invents a telephone number that cannot exist: the range 199 0000 is not assigned.
pub fn phone(dice: &mut Dice) -> String {
    format!("1990000{:04}", dice.below(10_000))
}

/// Builds a fixed-line number in a range that is not assigned, from a running number.
pub fn desk_phone(number: usize) -> String {
    format!("0755-0000{:04}", number % 10_000)
}
