//! The world of `honest/queries`: orders, customers and what belongs to them, of two tenants.

use super::rules::Rules;
use super::world::{Scripts, World};
use crate::engine::Engine;

pub(super) async fn world(engine: Engine) -> anyhow::Result<World> {
    let script = match engine {
        Engine::Postgres => include_str!("../../honest/schema/postgres.sql"),
        Engine::Mariadb => include_str!("../../honest/schema/mysql.sql"),
        Engine::Sqlite => include_str!("../../honest/schema/sqlite.sql"),
    };
    let rules = Rules::of_shop()?;
    let both: Vec<String> =
        script.split(";\n").map(str::trim).filter(|text| !text.is_empty()).map(Into::into).collect();
    let mut alone = both.clone();
    alone.extend(rules.leave_ours(if engine == Engine::Postgres { "app." } else { "" })?);
    World::make(engine, Scripts { alone, both, rules }).await
}
