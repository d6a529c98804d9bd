//! The JSON export: one object a row, by column.

use std::collections::HashSet;

use bytes::Bytes;
use futures_util::{Stream, stream};
use gateway::encode::json;
use gateway::{Batch, Column, RowStream, RunError};

use super::result::cell;

enum Progress {
    Start(RowStream),
    Rows(RowStream, Vec<Vec<u8>>, bool),
    End,
}

/// `[{"city": "Lyon", "amount": 10}, ..]` as rows arrive.
pub(super) fn encode(rows: RowStream) -> impl Stream<Item = Result<Bytes, RunError>> + Send {
    stream::unfold(Progress::Start(rows), |progress| async move {
        match progress {
            Progress::Start(rows) => {
                let names = names(rows.columns());
                next_part(rows, names, vec![b'['], true).await
            }
            Progress::Rows(rows, names, first) => next_part(rows, names, Vec::with_capacity(4096), first).await,
            Progress::End => None,
        }
    })
}

async fn next_part(
    mut rows: RowStream,
    names: Vec<Vec<u8>>,
    mut out: Vec<u8>,
    mut first: bool,
) -> Option<(Result<Bytes, RunError>, Progress)> {
    match rows.next().await {
        Some(Ok(batch)) => {
            objects(&mut out, &batch, &names, &rows, &mut first);
            Some((Ok(out.into()), Progress::Rows(rows, names, first)))
        }
        Some(Err(error)) => Some((Err(error), Progress::End)),
        None => {
            out.push(b']');
            Some((Ok(out.into()), Progress::End))
        }
    }
}

fn objects(out: &mut Vec<u8>, batch: &Batch, names: &[Vec<u8>], rows: &RowStream, first: &mut bool) {
    for row in batch.rows() {
        out.extend_from_slice(if std::mem::take(first) { b"{" } else { b",{" });
        for (place, (name, value)) in names.iter().zip(row).enumerate() {
            if place > 0 {
                out.push(b',');
            }
            out.extend_from_slice(name);
            out.push(b':');
            cell(out, value, rows.timezone());
        }
        out.push(b'}');
    }
}

/// The columns' names as JSON; of equal ones the later get a number, as an object has each name once.
fn names(columns: &[Column]) -> Vec<Vec<u8>> {
    let mut taken: HashSet<String> = columns.iter().map(|column| column.name.clone()).collect();
    let mut seen = HashSet::new();
    let mut name = |column: &Column| {
        let mut name = column.name.clone();
        if !seen.insert(name.clone()) {
            let mut number = 2;
            while !taken.insert(format!("{}_{number}", column.name)) {
                number += 1;
            }
            name = format!("{}_{number}", column.name);
        }
        let mut out = Vec::new();
        json::text(&mut out, &name);
        out
    };
    columns.iter().map(&mut name).collect()
}

#[cfg(test)]
mod tests {
    use gateway::ColumnKind;

    use super::*;

    #[test]
    fn each_name_comes_once() {
        let column = |name: &str| Column { name: name.into(), kind: ColumnKind::Text };
        let found = names(&["a", "a", "a_2", "a", ""].map(column));
        let texts: Vec<_> = found.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
        assert_eq!(texts, ["\"a\"", "\"a_3\"", "\"a_2\"", "\"a_4\"", "\"\""]);
    }
}
