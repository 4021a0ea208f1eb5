//! Masks never show more than they may.

use fengtu_domain::masking::{AddressCut, address, name, phone, plate, scrub};
use proptest::prelude::*;

#[test]
fn a_name_keeps_its_first_character() {
    assert_eq!(name("张三丰"), "张**");
    assert_eq!(name("张三"), "张**", "the mask does not tell how long the name was");
    assert_eq!(name("欧阳修"), "欧**");
    assert_eq!(name(" \u{202e}\u{200b}李四"), "李**", "nothing invisible is kept");
    assert_eq!(name("John Smith"), "J**");
    assert_eq!(name("𠮷野家"), "𠮷**");
    assert_eq!(name(" *\u{200b}"), "");
}

#[test]
fn a_telephone_keeps_three_and_four_digits() {
    assert_eq!(phone("13812341234"), "138****1234");
    assert_eq!(phone("+86 138-1234-1234"), "138****1234");
    assert_eq!(phone("138 1234 1234"), "138****1234");
    assert_eq!(phone("27712345"), "****2345");
    assert_eq!(phone("12345"), "****");
    assert_eq!(phone("电话没有"), "****");
}

#[test]
fn a_plate_keeps_where_it_is_from_and_one_character() {
    assert_eq!(plate("粤B·A1234"), "粤B****4");
    assert_eq!(plate("粤B12345D"), "粤B****D");
    assert_eq!(plate("B12"), "****");
}

#[test]
fn an_address_is_cut_at_the_building() {
    let cut = |full| address(full, AddressCut::Building);
    assert_eq!(cut("光明区凤凰街道凤凰社区光明花园3栋2单元502室"), Some("光明区凤凰街道凤凰社区光明花园3栋"));
    assert_eq!(cut("凤凰社区华夏路28号A座1203"), Some("凤凰社区华夏路28号A座"));
    assert_eq!(cut("玉塘街道长圳社区长圳路8号"), Some("玉塘街道长圳社区长圳路8号"));
    assert_eq!(cut("马田街道石围社区第一工业区12号楼3楼"), Some("马田街道石围社区第一工业区12号楼"));
}

#[test]
fn an_address_without_a_building_is_cut_higher() {
    assert_eq!(address("凤凰街道凤凰社区光明花园502室", AddressCut::Building), Some("凤凰街道凤凰社区"));
    assert_eq!(address("凤凰社区光明花园2单元502号", AddressCut::Building), Some("凤凰社区"));
    assert_eq!(address("我家502室", AddressCut::Building), None);
    assert_eq!(address("3区12号", AddressCut::Community), None);
    assert_eq!(address("光明区凤凰街道凤凰社区3栋", AddressCut::Community), Some("光明区凤凰街道凤凰社区"));
    assert_eq!(address("光明区阳光小区3栋", AddressCut::Community), Some("光明区"));
    assert_eq!(address("阳光小区3栋", AddressCut::Community), None, "an estate is no community");
    assert_eq!(address("光明区凤凰街道凤凰社区3栋", AddressCut::Nothing), None);
}

#[test]
fn numbers_that_name_a_person_go_from_free_text() {
    for (written, expected) in [
        ("请打13812341234找我", "请打***找我"),
        ("请打138 1234-1234。", "请打***。"),
        ("电话:13812341234", "电话:***"),
        ("幺三八一二三四一二三四", "***"),
        ("①③⑧①②③④①②③④号", "***号"),
        ("1\u{200b}3\u{200b}8\u{200b}1\u{200b}2\u{200b}3\u{200b}4\u{200b}1\u{200b}2\u{200b}3\u{200b}4", "***"),
        ("座机(0755)27712345", "座机(***"),
        ("身份证44030119900101123X,欠薪", "身份证***,欠薪"),
        ("卡号 6222 0200 1234 5678 901", "卡号 ***"),
    ] {
        assert_eq!(scrub(written), expected);
    }
}

#[test]
fn what_tells_the_story_stays() {
    for text in ["2025-09-28上午10:30,3栋502室漏水", "欠薪50000元,12人", "2025/9/28 噪声85分贝", "", "无"]
    {
        assert_eq!(scrub(text), text);
    }
    assert_eq!(scrub("2025-09-28-13812341234"), "***", "a date does not hide a number behind it");
}

/// Counts the digits, of any script that the scrubber knows, that stand together with at most a blank between.
fn longest_run(text: &str) -> usize {
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if c.is_ascii_digit() { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

proptest! {
    #[test]
    fn a_masked_name_is_one_character_and_two_stars(full in any::<String>()) {
        let masked = name(&full);
        if !masked.is_empty() {
            prop_assert_eq!(masked.chars().count(), 3);
            prop_assert!(masked.ends_with("**") && full.contains(masked.chars().next().unwrap()));
        }
    }

    #[test]
    fn a_masked_telephone_shows_seven_digits_at_most_and_nothing_else(full in any::<String>(), digits in "[0-9]{0,20}") {
        for given in [full, digits] {
            let masked = phone(&given);
            prop_assert!(masked.chars().all(|c| c == '*' || c.is_ascii_digit()));
            prop_assert!(masked.chars().filter(char::is_ascii_digit).count() <= 7);
        }
    }

    #[test]
    fn four_digits_of_a_mobile_number_are_always_hidden(number in "1[3-9][0-9]{9}") {
        prop_assert_eq!(phone(&number), format!("{}****{}", &number[..3], &number[7..]));
    }

    #[test]
    fn no_room_is_in_an_address_cut_at_its_building(
        building in 1_u32..99, unit in 1_u32..9, room in 101_u32..3900, mark in "(栋|幢|座|号楼)", style in 0..4,
    ) {
        let home = match style {
            0 => format!("{unit}单元{room}室"),
            1 => format!("{room}"),
            2 => format!("-{room}号"),
            _ => format!("{unit}楼{room}房"),
        };
        let head = format!("光明区凤凰街道凤凰社区光明花园{building}{mark}");
        let full = format!("{head}{home}");
        prop_assert_eq!(address(&full, AddressCut::Building), Some(head.as_str()));
    }

    #[test]
    fn what_is_shown_of_an_address_begins_it(full in any::<String>(), real in "[区街道镇社栋号楼室单元光明0-9A-Z]{0,20}") {
        for text in [full, real] {
            for cut in [AddressCut::Nothing, AddressCut::Community, AddressCut::Building, AddressCut::Full] {
                prop_assert!(address(&text, cut).is_none_or(|shown| text.starts_with(shown)));
            }
            let shown = address(&text, AddressCut::Community).unwrap_or_default();
            prop_assert!(!shown.contains(|c: char| c.is_numeric()), "a community has no number: {}", shown);
        }
    }

    #[test]
    fn no_long_number_survives_in_any_text(before in any::<String>(), number in "[0-9]{7,19}", after in any::<String>()) {
        let text = format!("{before}{number}{after}");
        let scrubbed = scrub(&text);
        prop_assert!(!scrubbed.contains(&number), "{}", scrubbed);
        prop_assert!(longest_run(&scrubbed) < 7, "{}", scrubbed);
    }

    #[test]
    fn a_number_is_found_however_it_is_spread(number in "1[3-9][0-9]{9}", gap in "[ \\-.·\u{200b}]{0,2}") {
        let spread: String = number.split("").filter(|c| !c.is_empty()).flat_map(|c| [c, gap.as_str()]).collect();
        let scrubbed = scrub(&format!("找{spread}谢谢"));
        prop_assert!(!scrubbed.contains(|c: char| c.is_ascii_digit()), "{}", scrubbed);
    }

    #[test]
    fn scrubbing_twice_is_scrubbing_once(text in any::<String>()) {
        let once = scrub(&text);
        prop_assert_eq!(scrub(&once), once);
    }
}
