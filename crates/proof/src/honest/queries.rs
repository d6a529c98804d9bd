//! The statements of `honest/queries`, and those of a folder beside the project.

use std::path::Path;

use anyhow::Context as _;

use super::Query;
use crate::engine::Engine;

macro_rules! files {
    ($($name:literal)*) => { &[$(($name, include_str!(concat!("../../honest/queries/", $name, ".sql")))),*] };
}

const FILES: &[(&str, &str)] = files! {
    "aggregates" "arrays" "cohorts" "ctes" "dates" "existence" "formats" "histograms" "joins" "json" "lateral"
    "percentiles" "pivots" "rollups" "segments" "sets" "sloppy" "strings" "style" "subqueries" "timeseries" "topn"
    "tpcds" "tpch" "windows" "yoy"
};

/// The statements for an engine, over the shop's tables.
pub(super) fn of(engine: Engine) -> anyhow::Result<Vec<Query>> {
    read(engine, FILES)
}

/// Those over the learning platform's tables.
pub(super) fn of_platform(engine: Engine) -> anyhow::Result<Vec<Query>> {
    read(engine, &[("moodle", include_str!("../../honest/moodle.sql"))])
}

fn read(engine: Engine, files: &[(&str, &str)]) -> anyhow::Result<Vec<Query>> {
    let wanted = match engine {
        Engine::Postgres => "postgres",
        Engine::Mariadb => "mysql",
        Engine::Sqlite => "sqlite",
    };
    let mut all = Vec::new();
    for (file, text) in files {
        for block in text.split("-- name: ").skip(1) {
            let (head, sql) = block.split_once('\n').with_context(|| format!("{file}: a name without a statement"))?;
            let (name, rest) = head.split_once(' ').with_context(|| format!("{file}: {head}: no engines"))?;
            let engines = rest.split_once("[engines: ").and_then(|(_, rest)| rest.split_once(']'));
            let (engines, rest) = engines.with_context(|| format!("{file}: {head}: no engines"))?;
            if engines.split(',').any(|engine| engine.trim() == wanted) {
                let ordered = rest.contains("[ordered]");
                all.push(Query { name: name.to_owned(), ordered, sql: sql.trim().to_owned(), binds: Vec::new() });
            }
        }
    }
    Ok(all)
}

/// The `.sql` files of a folder, one statement each, by name.
pub(super) fn in_folder(folder: &Path) -> anyhow::Result<Vec<Query>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut paths: Vec<_> = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "sql"));
    paths.sort();
    let query = |path: &std::path::PathBuf| {
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        // The product takes comments away before the guard sees a statement.
        let lines: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("--")).collect();
        let sql = lines.join("\n").trim().trim_end_matches(';').to_owned();
        anyhow::Ok(Query { name: format!("extra:{name}"), ordered: false, sql, binds: Vec::new() })
    };
    paths.iter().map(query).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_folder_is_read_and_no_name_is_twice() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("honest/queries");
        let mut found: Vec<_> =
            in_folder(&folder).unwrap().into_iter().map(|query| query.name.replace("extra:", "")).collect();
        found.sort();
        assert_eq!(found, FILES.iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>());
        for engine in Engine::ALL {
            let mut names: Vec<_> = of(engine).unwrap().into_iter().map(|query| query.name).collect();
            let all = names.len();
            names.sort();
            names.dedup();
            assert_eq!(names.len(), all);
        }
    }
}
