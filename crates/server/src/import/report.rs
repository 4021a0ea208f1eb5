//! What happened to every row, and why.

use serde::Serialize;
use thiserror::Error;

use super::mapping::Kind;

/// Why the whole file was refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FileError {
    /// Neither the mapping nor the file's name tells the format.
    #[error(
        "无法判断文件格式:请写 format = \"csv\" 或 \"geojson\" / format unknown: write format = \"csv\" or \"geojson\" in the mapping"
    )]
    UnknownFormat,
    /// The encoding's name is not known.
    #[error("不认识的编码“{0}” / unknown encoding {0:?}: utf-8 and gb18030 are usual")]
    UnknownEncoding(String),
    /// The bytes are not text in the encoding.
    #[error(
        "文件不是 {0} 编码:请在映射文件中写明 encoding(如 \"gb18030\") / the file is not {0}: name its encoding in the mapping, such as encoding = \"gb18030\""
    )]
    WrongEncoding(String),
    /// The file cannot be taken apart.
    #[error("文件无法解析 / the file cannot be read: {0}")]
    Unreadable(String),
    /// There is nothing in it.
    #[error("文件中没有数据行 / the file has no rows")]
    Empty,
    /// Two columns have one name.
    #[error("列名“{0}”重复 / the column {0:?} is there twice")]
    DuplicateColumn(String),
    /// A column that the mapping names is not there.
    #[error("文件中没有映射所写的列“{column}”,文件中有 / the file lacks the column {column:?}; it has: {has}")]
    MissingColumn {
        /// What the mapping says.
        column: String,
        /// What the file has.
        has: String,
    },
    /// There are coordinates, and nothing says in which datum.
    #[error(
        "坐标未注明坐标系,绝不猜测:请写 datum = \"WGS84\"、\"CGCS2000\"、\"GCJ02\" 或 \"BD09\" / no datum: coordinates are never guessed; write datum = \"WGS84\", \"CGCS2000\", \"GCJ02\" or \"BD09\" in the mapping"
    )]
    NoDatum,
    /// The file says itself that its coordinates are projected.
    #[error(
        "不支持的坐标参考系“{0}”,请先转换为经纬度 / the coordinate system {0:?} is not supported: convert it to longitude and latitude first"
    )]
    ProjectedCrs(String),
}

/// What became of a row, from bad to harmless.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Left out.
    Refused,
    /// Taken, with something put right or left off.
    Repaired,
    /// Taken as it is; worth knowing.
    Noted,
}

macro_rules! reasons {
    ($($variant:ident $code:literal $verdict:ident $zh:literal $en:literal;)+) => {
        /// Why a row has a line in the report.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        pub enum Reason { $(#[doc = $en] #[serde(rename = $code)] $variant),+ }

        impl Reason {
            /// Every reason.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Returns the short name that stays the same in every version.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// Returns what it is and what was done, in Chinese and English.
            pub const fn words(self) -> (&'static str, &'static str) {
                match self { $(Self::$variant => ($zh, $en)),+ }
            }

            /// Returns what becomes of the row, where the mapping does not decide otherwise.
            pub const fn verdict(self) -> Verdict {
                match self { $(Self::$variant => Verdict::$verdict),+ }
            }
        }
    };
}

reasons! {
    CellCount "cell_count" Refused "单元格数与表头不一致" "the number of cells differs from the header's";
    NoNumber "no_number" Refused "缺少编号" "the number or id is missing";
    NoName "no_name" Refused "缺少名称" "the name is missing";
    DuplicateNumber "duplicate_number" Refused "编号重复且内容不同,保留先出现的一行" "the number is there already with other content; the first one is kept";
    DuplicateRow "duplicate_row" Noted "与前面某行完全相同" "the same row is there already";
    DateMissing "date_missing" Refused "缺少上报时间" "the time of the report is missing";
    DateUnreadable "date_unreadable" Refused "时间无法识别" "the time cannot be read";
    DateInFuture "date_in_future" Refused "时间在未来" "the time is in the future";
    SettledBeforeReported "settled_before_reported" Refused "化解早于上报" "settled before it was reported";
    SettledWithoutDate "settled_without_date" Refused "状态为已化解,却没有化解时间" "settled by its state, without a time of settlement";
    SettledButOpen "settled_but_open" Repaired "状态为未化解,却有化解时间:以状态为准" "open by its state, yet with a time of settlement: the state counts";
    AcceptedOutOfOrder "accepted_out_of_order" Repaired "受理时间不在上报与化解之间:略去" "accepted before the report or after the settlement: left off";
    StateWithoutDate "state_without_date" Noted "当前状态没有时间:取最后一个已知时间" "no time for the present state: the last known time is used";
    MovedOnHere "moved_on_here" Noted "该案件已在本系统中流转:保留本系统的经过" "the case has moved on here: its steps here are kept";
    UnknownCategory "unknown_category" Refused "类别不在对照表中" "the category is not in the table";
    UnknownState "unknown_state" Refused "状态不在对照表中" "the state is not in the table";
    UnknownLevel "unknown_level" Refused "层级不在对照表中" "the level is not in the table";
    UnknownWord "unknown_word" Repaired "取值不在对照表中:略去" "the word is not in the table: left off";
    NumberUnreadable "number_unreadable" Repaired "数字无法识别:略去" "not a number that can be read: left off";
    NegativeNumber "negative_number" Repaired "数字为负:略去" "a negative number: left off";
    NoCoordinate "no_coordinate" Noted "没有坐标:保留,不上图" "no coordinate: kept, not on the map";
    AtBuilding "at_building" Noted "没有坐标:取所在楼栋的位置" "no coordinate: it stands where its building does";
    AtFirstStop "at_first_stop" Noted "没有坐标:取时刻表第一个停靠点的位置" "no coordinate: it stands at the first stop of its timetable";
    CoordinateUnreadable "coordinate_unreadable" Repaired "坐标不是数字:略去,不上图" "the coordinate is not a number: left off, not on the map";
    CoordinateOutOfRange "coordinate_out_of_range" Repaired "坐标超出经纬度范围:略去,不上图" "the coordinate is out of range: left off, not on the map";
    CoordinateZero "coordinate_zero" Repaired "坐标为 0,0:略去,不上图" "the coordinate is 0, 0: left off, not on the map";
    CoordinateSwapped "coordinate_swapped" Repaired "经纬度颠倒:互换后在辖区内" "longitude and latitude were swapped: exchanged, and then inside the district";
    CoordinateSuspect "coordinate_suspect" Repaired "经纬度似乎颠倒,但无法证实:略去,不上图" "longitude and latitude look swapped, which nothing proves: left off, not on the map";
    NearBorder "near_border" Repaired "略微超出边界、在容差之内:坐标不变,归入最近的区域" "a little beyond the border, within the tolerance: the coordinate is kept, placed in the nearest area";
    Outside "outside_district" Refused "在辖区之外" "outside the district";
    ShapeKind "shape_kind" Refused "几何类型不适用" "the geometry is of a kind that cannot be used here";
    ShapeCoordinate "shape_coordinate" Refused "边界含有错误坐标" "a corner of the shape is not a usable coordinate";
    ShapeTooFew "shape_too_few" Refused "边界点太少" "a ring has too few points";
    ShapeTooBig "shape_too_big" Refused "边界点太多" "the shape has too many points";
    RingUnclosed "ring_unclosed" Repaired "边界未闭合:已闭合" "a ring was not closed: closed";
    RingRewound "ring_rewound" Noted "边界方向与 RFC 7946 相反:已反转" "a ring ran against RFC 7946: turned round";
    RingRepeats "ring_repeats" Noted "边界有重复点:已去除" "a ring repeated a point: dropped";
    RingCrossing "ring_self_crossing" Refused "边界自相交" "a ring crosses or touches itself";
    RingsCross "rings_cross" Refused "边界互相交叉" "two rings cross";
    HoleOutside "hole_outside" Refused "孔洞在外环之外" "a hole lies outside its shell";
    NoShape "no_shape" Noted "没有边界:保留,不上图" "no shape: kept, not on the map";
    ParentUnknown "parent_unknown" Refused "上级不存在、已被拒绝或层级不高于本级" "the place above is not known, was refused, or is not of a higher level";
    WrongPlace "wrong_place" Repaired "所填区域与坐标不符:按坐标归属" "the place it names is not where it lies: placed by geometry";
    UnknownPlace "unknown_place" Repaired "所填区域不存在:按坐标归属" "the place it names is not known: placed by geometry";
    NoPlace "no_place" Noted "无法归属到区域:归入最上级(如有)" "in no place that is known: at the top of the tree, where there is one";
    UnknownStation "unknown_station" Refused "流动站不存在" "the station is not known";
    NotMobile "not_mobile" Refused "该站不是流动站" "the station is not a mobile one";
    WeekdayUnreadable "weekday_unreadable" Refused "星期几无法识别" "the weekday cannot be read";
    TimeOfDayUnreadable "time_of_day_unreadable" Refused "钟点缺失或无法识别,或到达与离开是同一钟点" "a time of day is missing or cannot be read, or the stop has no length";
    StopWithoutCoordinate "stop_without_coordinate" Refused "停靠点没有可用的坐标" "the stop has no coordinate that can be used";
    StopGone "stop_gone" Noted "新时刻表中没有该停靠点:已移除" "the new timetable lacks this stop: removed";
    PlaceNotFound "place_not_found" Refused "所填区域不存在,或同名的不止一处" "the place is not known, or several have this name";
    MonthUnreadable "month_unreadable" Refused "月份缺失或无法识别" "the month is missing or cannot be read";
    MonthNotOver "month_not_over" Refused "该月尚未结束,件数还会增加" "the month is not over: its count will grow";
    NotACount "not_a_count" Refused "件数不是整数" "the count is not a whole number";
    CountTakenOut "count_taken_out" Noted "件数为空:该月原有的件数已撤出(所见为原数)" "the count is empty: what was there of that month is taken out (found: what it was)";
    NothingToTakeOut "nothing_to_take_out" Noted "件数为空,该月本来就没有件数" "the count is empty, and there was none of that month";
    UnknownBuilding "unknown_building" Repaired "楼栋编码不存在:略去" "the building is not known: left off";
}

/// One thing about one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The line of a CSV file, the number of the feature in `GeoJSON`, both from 1.
    pub row: u64,
    /// The row's number or id, if it has one.
    pub id: Option<String>,
    /// Our name of the field.
    pub field: &'static str,
    /// What became of the row.
    pub verdict: Verdict,
    /// Why.
    pub reason: Reason,
    /// What was found, cut short; empty where nothing was.
    pub found: String,
}

/// What happened to a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// What the file holds.
    pub kind: Kind,
    /// Rows in the file.
    pub read: u64,
    /// Rows that the mapping leaves out.
    pub ignored: u64,
    /// Rows that were not there before.
    pub new: u64,
    /// Rows that were there with other content.
    pub updated: u64,
    /// Rows that were there as they are.
    pub unchanged: u64,
    /// Rows that were left out.
    pub refused: u64,
    /// Rows taken with something put right or left off.
    pub repaired: u64,
    /// Columns that the mapping neither uses nor ignores.
    pub unused_columns: Vec<String>,
    /// Everything worth telling, in the order of the rows.
    pub lines: Vec<Line>,
}

impl Report {
    pub(super) fn new(kind: Kind, unused_columns: Vec<String>) -> Self {
        let lines = Vec::new();
        Self {
            kind,
            read: 0,
            ignored: 0,
            new: 0,
            updated: 0,
            unchanged: 0,
            refused: 0,
            repaired: 0,
            unused_columns,
            lines,
        }
    }

    /// Counts rows by their worst line and sorts the lines; called once, at the end.
    pub(super) fn finish(&mut self) {
        self.lines.sort_by_key(|line| (line.row, line.verdict));
        let mut last = None;
        for line in &self.lines {
            if last != Some(line.row) {
                last = Some(line.row);
                self.refused += u64::from(line.verdict == Verdict::Refused);
                self.repaired += u64::from(line.verdict == Verdict::Repaired);
            }
        }
    }
}
