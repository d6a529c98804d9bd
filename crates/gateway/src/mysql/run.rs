//! One statement: pin, begin, prepare, execute, fetch; and the way back to a clean session.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use mysql_async::prelude::Queryable;
use mysql_async::{Params, Row};
use query::Statement;

use super::value::{self, Decoder};
use super::{MysqlConnection, running};
use crate::cell::{Cell, Column};
use crate::error::{Code, RunError};
use crate::sink::{Flow, Sink};

impl MysqlConnection {
    pub(crate) async fn run(&mut self, statement: &Statement, sink: &mut Sink) -> Result<(), RunError> {
        if would_be_rewritten(statement.sql()) {
            return Err(RunError::QueryFailed { code: Code::new("COLON"), position: None });
        }
        // Until it is known how this ended.
        self.spoilt = true;
        match self.rows(statement, sink).await? {
            Flow::More => self.spoilt = false,
            Flow::Enough => {}
        }
        Ok(())
    }

    async fn rows(&mut self, statement: &Statement, sink: &mut Sink) -> Result<Flow, RunError> {
        let limit = sink.limits().timeout;
        self.pin(limit).await?;
        let begun = self.line.conn()?.query_drop("START TRANSACTION READ ONLY").await;
        begun.map_err(|error| self.failed(&error))?;
        let prepared = self.line.conn()?.prep(statement.sql()).await.map_err(|error| self.failed(&error))?;
        // What gives no columns is no query: COMMIT, SET, INTO OUTFILE, CALL and their kind never run.
        if prepared.num_columns() == 0 {
            self.spoilt = false;
            return Err(RunError::QueryFailed { code: Code::new("NOTASELECT"), position: None });
        }
        let binds = statement.binds();
        if usize::from(prepared.num_params()) != binds.len() {
            self.spoilt = false;
            return Err(RunError::ParameterRefused);
        }
        let params =
            if binds.is_empty() { Params::Empty } else { Params::Positional(binds.iter().map(value::bind).collect()) };
        let mut result = match self.line.conn()?.exec_iter(&prepared, params).await {
            Ok(result) => result,
            Err(error) => {
                let (class, goes_on) = running(&error);
                self.spoilt = !goes_on;
                return Err(class);
            }
        };
        let decoders: Vec<Decoder> = result.columns_ref().iter().map(Decoder::of).collect();
        let columns = result.columns_ref().iter().zip(&decoders);
        sink.begin(
            columns
                .map(|(column, decoder)| Column { name: column.name_str().into_owned(), kind: decoder.kind() })
                .collect(),
        )?;
        loop {
            let next = {
                let mut next = pin!(result.next());
                match poll_fn(|context| Poll::Ready(next.as_mut().poll(context))).await {
                    Poll::Ready(next) => next,
                    Poll::Pending => {
                        if sink.flush().await == Flow::Enough {
                            return Ok(Flow::Enough);
                        }
                        next.await
                    }
                }
            };
            let row = match next {
                Ok(Some(row)) => row,
                Ok(None) => return Ok(Flow::More),
                Err(error) => {
                    let (class, goes_on) = running(&error);
                    drop(result);
                    self.spoilt = !goes_on;
                    return Err(class);
                }
            };
            put(sink, row, &decoders)?;
            if sink.end_row()? == Flow::Enough || (sink.is_full() && sink.flush().await == Flow::Enough) {
                return Ok(Flow::Enough);
            }
        }
    }

    pub(super) fn failed(&mut self, error: &mysql_async::Error) -> RunError {
        let (class, goes_on) = running(error);
        self.spoilt = !goes_on;
        class
    }

    /// Brings the session back to how it was opened: no transaction, no user
    /// variables, no locks, no statements. False when that is not certain.
    pub(crate) async fn recycle(&mut self) -> bool {
        if !self.is_open() {
            return false;
        }
        let Ok(conn) = self.line.conn() else { return false };
        conn.query_drop("ROLLBACK").await.is_ok() && conn.reset().await.unwrap_or(false)
    }
}

fn put(sink: &mut Sink, row: Row, decoders: &[Decoder]) -> Result<(), RunError> {
    let values = row.unwrap_raw();
    if values.len() != decoders.len() {
        return Err(RunError::Malformed);
    }
    for (value, decoder) in values.into_iter().zip(decoders) {
        let cell = value.map_or(Some(Cell::Null), |value| decoder.decode(value));
        sink.cell(cell.ok_or(RunError::Malformed)?);
    }
    Ok(())
}

/// The driver has named parameters of its own: `:name` outside of strings and
/// comments becomes `?`. Outside of them it is no SQL anyway; but the driver's
/// idea of where a comment ends differs from the server's for `/**/` and for
/// control characters, and there a string could be changed. Such a statement is
/// refused instead.
fn would_be_rewritten(sql: &str) -> bool {
    let bytes = sql.as_bytes();
    let named = bytes.windows(2).any(|pair| matches!(pair, [b':', b'a'..=b'z' | b'_']));
    let confusing = sql.contains("/**/") || bytes.iter().any(|byte| *byte < b' ' && !b"\t\n\r".contains(byte));
    named && confusing
}

#[cfg(test)]
mod tests {
    use super::would_be_rewritten;

    #[test]
    fn only_what_the_driver_may_misread_is_refused() {
        assert!(!would_be_rewritten("SELECT DATE_FORMAT(x, '%H:%i'), '10:30', ':name' /* c */ FROM t"));
        assert!(!would_be_rewritten("/**/ SELECT 1"));
        assert!(would_be_rewritten("/**/ SELECT 'a*/ :foo'"));
    }
}
