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
