//! CSV and XLSX files as they come out.

use std::io::Read;

use futures_util::{StreamExt, TryStreamExt};
use gateway::encode::{csv, xlsx};

use crate::world::{Ask, gateway, sqlite};

const TABLES: &str = "
    CREATE TABLE t (s TEXT, i INTEGER, r REAL, d DATE, m DATETIME);
    INSERT INTO t VALUES
      ('=1+1', -5, -1.5, '2026-01-31', '2026-01-31 10:00:00'),
      ('+a', 9007199254740993, 1e300, '1899-12-31', NULL),
      ('-b', 0, 0.1, NULL, NULL), ('@c', NULL, NULL, NULL, NULL), (char(9) || 'tab', 1, 1.0, NULL, NULL),
      (char(13) || 'cr', 1, 1.0, NULL, NULL), ('＝wide', 1, 1.0, NULL, NULL), ('a,\"b\"', 1, 1.0, NULL, NULL),
      ('two' || char(10) || 'lines 🦊', 1, 1.0, NULL, NULL);";

#[tokio::test]
async fn csv_is_exact_and_harmless() {
    let (gateway, dir) = (gateway(), tempfile::tempdir().unwrap());
    let place = sqlite(dir.path(), 0, TABLES);
    let stream = Ask::new(&place, "SELECT s AS \"=name\", i, r, d FROM t").stream(&gateway).await.unwrap();
    let options = csv::Options { byte_order_mark: true };
    let parts: Vec<_> = csv::encode(stream, options).boxed().try_collect().await.unwrap();
    assert_eq!(
        String::from_utf8(parts.concat()).unwrap(),
        "\u{feff}'=name,i,r,d\r\n\
         '=1+1,-5,-1.5,2026-01-31\r\n\
         '+a,9007199254740993,1e+300,1899-12-31\r\n\
         '-b,0,0.1,\r\n\
         '@c,,,\r\n\
         '\ttab,1,1.0,\r\n\
         \"'\rcr\",1,1.0,\r\n\
         '＝wide,1,1.0,\r\n\
         \"a,\"\"b\"\"\",1,1.0,\r\n\
         \"two\nlines 🦊\",1,1.0,\r\n"
    );
}

#[tokio::test]
async fn xlsx_has_typed_cells_and_no_formula() {
    let (gateway, dir) = (gateway(), tempfile::tempdir().unwrap());
    let place = sqlite(dir.path(), 0, TABLES);
    let stream = Ask::new(&place, "SELECT s, i, r, d, m, 1 AS \"\" FROM t").stream(&gateway).await.unwrap();
    let file = xlsx::encode(stream, "Jan/Feb: [x]").await.unwrap();
    assert_eq!((file.summary().row_count, file.summary().truncated), (9, false));
    let length = file.length();
    let parts: Vec<_> = file.into_stream().boxed().try_collect().await.unwrap();
    let bytes = parts.concat();
    assert_eq!(u64::try_from(bytes.len()).unwrap(), length);
    let sheet = member(&bytes, "xl/worksheets/sheet1.xml");
    assert!(!sheet.contains("<f>"), "a formula");
    assert!(sheet.contains("=1+1</t>") && sheet.contains("two\nlines 🦊</t>"));
    assert!(sheet.contains("<v>-5</v>") && sheet.contains("<v>-1.5</v>") && sheet.contains("<v>46053</v>"));
    assert!(sheet.contains("<v>46053.416666"), "the moment with its time of day");
    assert!(sheet.contains("9007199254740993</t>"), "a number that would be rounded is text");
    assert!(sheet.contains("1899-12-31</t>"), "a day before the format's time is text");
    assert!(sheet.contains("column 6</t>"));
    assert!(member(&bytes, "xl/workbook.xml").contains("name=\"Jan Feb   x\""));
}

/// One file out of the archive.
fn member(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// Names of columns as somebody writes them who wants to see what happens.
fn names() -> Vec<String> {
    let long = "n".repeat(10_000);
    let names = [
        "<img src=x onerror=alert(1)>",
        "a\"b'c`d",
        "two\nlines",
        "two\r\nlines",
        "\r=1",
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-2",
        "@SUM(A1)",
        "\t=1",
        "＝1",
        "＋1",
        "－1",
        "＠1",
        "a,b;c",
        "\u{202e}evil\u{202c}",
        "\u{1}\u{1f}control\u{fffe}",
        "twice",
        "twice",
        "_x0041_",
        "__proto__",
        &long,
        "",
    ];
    names.map(str::to_owned).to_vec()
}

fn hostile_select() -> String {
    // The names again as values, and numbers that look like the beginning of a formula.
    let quoted = |name: &String| (name.replace('"', "\"\""), name.replace('\'', "''"));
    let columns: Vec<_> = names().iter().map(quoted).map(|(name, text)| format!("'{text}' AS \"{name}\"")).collect();
    format!("SELECT {}, -5 AS i, -1.5 AS r, 'a' || char(0) || 'b' AS nul", columns.join(", "))
}

fn formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'])
}

#[tokio::test]
async fn csv_survives_any_name_and_text() {
    let (gateway, dir) = (gateway(), tempfile::tempdir().unwrap());
    let place = sqlite(dir.path(), 0, "CREATE TABLE v (x)");
    let stream = Ask::new(&place, &hostile_select()).stream(&gateway).await.unwrap();
    let parts: Vec<_> = csv::encode(stream, csv::Options::default()).boxed().try_collect().await.unwrap();
    let bytes = parts.concat();
    // As another program reads it.
    let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(&bytes[..]);
    let records: Vec<Vec<String>> =
        reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect();
    let safe = |name: &String| if formula(name) { format!("'{name}") } else { name.clone() };
    let expected: Vec<_> = names().iter().map(safe).collect();
    assert_eq!(records.len(), 2, "no line more than rows");
    for record in &records {
        assert!(record[..expected.len()] == expected[..], "{:?}", record);
    }
    assert_eq!(records[1][expected.len()..], ["-5", "-1.5", "a\0b"]);
}

#[tokio::test]
async fn json_survives_any_name_and_text() {
    let (gateway, dir) = (gateway(), tempfile::tempdir().unwrap());
    let place = sqlite(dir.path(), 0, "CREATE TABLE v (x)");
    let found = Ask::new(&place, &hostile_select()).document(&gateway).await.unwrap();
    for (place, name) in names().iter().enumerate() {
        assert_eq!(found["columns"][place]["name"], name.as_str());
        assert_eq!(found["rows"][0][place], name.as_str());
    }
    let rest = found["rows"][0].as_array().unwrap()[names().len()..].to_vec();
    assert_eq!(rest, [serde_json::json!(-5), serde_json::json!(-1.5), serde_json::json!("a\0b")]);
}

/// What XML 1.0 lets stand in a document.
fn is_xml(letter: char) -> bool {
    !matches!(letter, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

#[tokio::test]
async fn xlsx_survives_any_name_and_text() {
    let (gateway, dir) = (gateway(), tempfile::tempdir().unwrap());
    let place = sqlite(dir.path(), 0, "CREATE TABLE v (x)");
    let stream = Ask::new(&place, &hostile_select()).stream(&gateway).await.unwrap();
    let file = xlsx::encode(stream, "=<b>&\"\u{1}\u{fffe}\u{202e}").await.unwrap();
    let parts: Vec<_> = file.into_stream().boxed().try_collect().await.unwrap();
    let bytes = parts.concat();
    let (sheet, book) = (member(&bytes, "xl/worksheets/sheet1.xml"), member(&bytes, "xl/workbook.xml"));
    assert!(!sheet.contains("<f>") && !sheet.contains("<hyperlink") && !sheet.contains("<img"));
    assert!(sheet.contains("&lt;img src=x onerror=alert(1)&gt;</t>"));
    assert_eq!(sheet.matches(">twice</t>").count(), 4);
    assert!(sheet.contains("<v>-5</v>") && sheet.contains("<v>-1.5</v>"));
    // What would be read as an escape is written as one.
    assert_eq!(sheet.matches("_x005F_x0041_</t>").count(), 2);
    assert_eq!(sheet.chars().find(|letter| !is_xml(*letter)), None, "the sheet is no XML");
    assert_eq!(book.chars().find(|letter| !is_xml(*letter)), None, "the book is no XML");
}

#[tokio::test]
async fn xlsx_has_a_sheet_name_that_programs_open() {
    let (gateway, dir) = (gateway(), tempfile::tempdir().unwrap());
    let place = sqlite(dir.path(), 0, "CREATE TABLE v (x)");
    let (fox, fifteen) = ("🦊".repeat(31), "🦊".repeat(15));
    for (title, name) in [
        ("Sales [2026]: a/b\\c*d?", "Sales  2026   a b c d"),
        ("'quoted'", "quoted"),
        ("' '", "Sheet1"),
        ("", "Sheet1"),
        ("\u{1}\n\t", "Sheet1"),
        // A name that spreadsheets keep to themselves.
        ("History", "History 1"),
        ("hIstory", "hIstory 1"),
        // 31 units of UTF-16, of which a fox takes two.
        (&fox, &fifteen),
        (&"x".repeat(40), &"x".repeat(31)),
    ] {
        let stream = Ask::new(&place, "SELECT 1").stream(&gateway).await.unwrap();
        let file = xlsx::encode(stream, title).await.unwrap();
        let parts: Vec<_> = file.into_stream().boxed().try_collect().await.unwrap();
        let book = member(&parts.concat(), "xl/workbook.xml");
        assert!(book.contains(&format!("<sheet name=\"{name}\" ")), "{title:?}: {book}");
    }
}

#[tokio::test]
async fn xlsx_cuts_a_text_at_what_a_cell_holds() {
    let (gateway, dir) = (gateway(), tempfile::tempdir().unwrap());
    let place = sqlite(dir.path(), 0, "CREATE TABLE v (x)");
    for letter in ["a", "🦊"] {
        let sql = format!("SELECT replace(hex(zeroblob(20000)), '0', '{letter}')");
        let stream = Ask::new(&place, &sql).stream(&gateway).await.unwrap();
        let parts: Vec<_> = xlsx::encode(stream, "x").await.unwrap().into_stream().boxed().try_collect().await.unwrap();
        let sheet = member(&parts.concat(), "xl/worksheets/sheet1.xml");
        let text = sheet.split("<t>").find(|part| part.starts_with(letter)).unwrap().split("</t>").next().unwrap();
        assert!(text.ends_with('…'));
        let units = text.encode_utf16().count();
        assert!((32_766..=32_767).contains(&units), "{units}");
    }
}
