//! The demo city as its makers see it: land, grids, regions, ground, roads, and the names of what stands in each grid.

use fengtu_wire::grids::LandUse;
use fengtu_wire::ids::PlaceId;

use super::dice::Dice;
use super::ground::Ground;
use super::land::Land;
use super::partition::Partition;
use super::regions::Regions;
use super::roads::{Road, name_roads};
use super::words::place_words;

/// Comprehensive grids in the district.
pub const GRIDS: usize = 1734;
/// The district's code.
pub const DISTRICT: &str = "440311";

/// Everything that is decided before rows are written.
#[derive(Debug, Clone)]
pub struct City {
    /// Outline, fields, water.
    pub land: Land,
    /// Grids over shared vertices.
    pub partition: Partition,
    /// Streets and communities.
    pub regions: Regions,
    /// Land use and people.
    pub ground: Ground,
    /// The road along each line of the partition.
    pub roads: Vec<Road>,
    /// What stands in each grid, such as 光明花园.
    pub sites: Vec<String>,
    /// Each grid's id.
    pub ids: Vec<PlaceId>,
    /// Each grid's number within its community, from 1.
    pub numbers: Vec<usize>,
}

impl City {
    /// Builds the city of a seed.
    pub fn new(seed: u64) -> Self {
        let land = Land::new(seed);
        let partition = Partition::new(&land, seed, GRIDS);
        let regions = Regions::new(&partition);
        let ground = Ground::new(&land, &partition, seed);
        let roads = name_roads(&partition, &regions, seed);
        let sites = name_sites(&regions, &ground, seed);
        let numbers = number_grids(&regions);
        let code =
            |(community, n): (&usize, &usize)| PlaceId(format!("{}{n:03}", regions.communities[*community].code));
        let ids = regions.community_of.iter().zip(&numbers).map(code).collect();
        Self { land, partition, regions, ground, roads, sites, ids, numbers }
    }

    /// Returns a grid's name, such as 东周第12网格.
    pub fn grid_name(&self, cell: usize) -> String {
        format!("{}第{}网格", self.regions.base_name(self.regions.community_of[cell]), self.numbers[cell])
    }
}

fn number_grids(regions: &Regions) -> Vec<usize> {
    let mut count = vec![0; regions.communities.len()];
    regions
        .community_of
        .iter()
        .map(|c| {
            count[*c] += 1;
            count[*c]
        })
        .collect()
}

/// Names what stands in each grid.
fn name_sites(regions: &Regions, ground: &Ground, seed: u64) -> Vec<String> {
    let mut dice = Dice::new(seed, 6);
    let mut words = place_words(&mut dice);
    words.reverse();
    let name = |(cell, kind): (usize, &LandUse)| {
        let base = regions.base_name(regions.community_of[cell]);
        let word = words[cell % words.len()].as_str();
        site_name(*kind, base, word, &mut dice)
    };
    ground.uses.iter().enumerate().map(name).collect()
}

fn site_name(kind: LandUse, base: &str, word: &str, dice: &mut Dice) -> String {
    match kind {
        LandUse::Estate => {
            format!("{word}{}", dice.pick(&["花园", "雅苑", "家园", "华府", "名庭", "新城", "雅居", "公馆", "小区"]))
        }
        LandUse::UrbanVillage => format!(
            "{base}{}",
            dice.pick(&["新村", "旧村", "老围", "东区", "西区", "南区", "北区", "一区", "二区", "三区"])
        ),
        LandUse::IndustrialPark => {
            format!("{word}{}", dice.pick(&["工业园", "科技园", "产业园", "工业区", "智造园", "创新园"]))
        }
        LandUse::Commercial => {
            format!("{word}{}", dice.pick(&["广场", "商业中心", "购物中心", "商务大厦", "商业街", "市场"]))
        }
        LandUse::School => format!("{word}{}", dice.pick(&["小学", "学校", "中学", "实验学校", "幼儿园", "职业学校"])),
        LandUse::Hospital => format!("{word}{}", dice.pick(&["医院", "社区健康服务中心", "中医院", "妇幼保健院"])),
        LandUse::BuildingSite => {
            format!("{word}{}", dice.pick(&["项目工地", "安居房工地", "学校新建工地", "道路工程工地", "旧改项目工地"]))
        }
        LandUse::Green => format!("{word}{}", dice.pick(&["公园", "森林公园", "郊野公园", "绿道"])),
        LandUse::Farmland => format!("{word}{}", dice.pick(&["农场", "果园", "生态园", "菜场基地"])),
        LandUse::Other => {
            format!("{word}{}", dice.pick(&["物流园", "停车场", "变电站片区", "公交场站", "污水处理厂片区"]))
        }
    }
}
