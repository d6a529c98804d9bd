//! One statement: begin, bind, fetch; and the way back to a clean session.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use futures_util::{Stream, StreamExt};
use jiff::tz::TimeZone;
use query::Statement;
use tokio_postgres::types::{FromSql, Type};
use tokio_postgres::{Row, SimpleQueryMessage};

use super::bind::Parameter;
use super::decode::Decoder;
use super::{PostgresConnection, error};
use crate::cell::{Cell, Column};
use crate::error::{Code, RunError};
use crate::sink::{Flow, Sink};

/// Everything that outlives the rollback. A simple query of several statements, so one round trip.
const RESET: &str = "ROLLBACK; RESET SESSION AUTHORIZATION; RESET ALL; \
                     SELECT pg_catalog.pg_advisory_unlock_all()";

/// Bytes of a row's message before its fields: kind, length, number of fields.
const ROW_HEAD: usize = 7;

impl PostgresConnection {
    pub(crate) async fn run(
        &mut self,
        statement: &Statement,
        timezone: &TimeZone,
        sink: &mut Sink,
    ) -> Result<(), RunError> {
        // Until it is known how this ended.
        self.spoilt = true;
        let allowance = sink.limits().max_bytes.saturating_mul(2).saturating_add(1 << 20);
        self.meter.set_limit(allowance);
        let result = self.rows(statement, timezone, sink).await;
        match result {
            Ok(Flow::More) => {
                self.spoilt = false;
                Ok(())
            }
            Ok(Flow::Enough) => Ok(()),
            Err(error) => match self.meter.excess() {
                Some(excess) => {
                    tracing::warn!(engine = "postgresql", error = excess.label(), "a server says more than is allowed");
                    Err(excess)
                }
                None => Err(error),
            },
        }
    }

    async fn rows(&mut self, statement: &Statement, timezone: &TimeZone, sink: &mut Sink) -> Result<Flow, RunError> {
        let sql = statement.sql();
        let prepared = match self.statements.get(sql) {
            Some(prepared) => prepared,
            None => {
                let prepared = self.client.prepare(sql).await.map_err(|error| self.failed(&error))?;
                // What gives no columns is no query: SET, COMMIT, PREPARE, LISTEN and their kind never run.
                if prepared.columns().is_empty() {
                    self.spoilt = false;
                    return Err(RunError::QueryFailed { code: Code::new("NOTASELECT"), position: None });
                }
                self.statements.put(sql, prepared.clone());
                prepared
            }
        };
        let binds = statement.binds();
        if prepared.params().len() != binds.len() {
            self.spoilt = false;
            return Err(RunError::ParameterRefused);
        }
        let begin = match &self.context {
            None => begin(sink, timezone),
            Some(_) => self.sign(&begin(sink, timezone)).await?,
        };
        // Polled in this order, so both messages go out before the first answer is waited for.
        // The way back is sent along: it is done by the time the rows are read.
        let (begun, rows, reset) = tokio::join!(
            biased;
            self.client.batch_execute(&begin),
            self.client.query_raw(&prepared, binds.iter().map(Parameter)),
            self.client.simple_query_raw(RESET),
        );
        self.resetting = reset.ok().map(Box::pin);
        begun.map_err(|error| self.failed(&error))?;
        let mut rows = pin!(rows.map_err(|error| self.failed(&error))?);
        let decoders: Vec<Decoder> = prepared.columns().iter().map(|column| Decoder::of(column.type_())).collect();
        let columns = prepared.columns().iter().zip(&decoders);
        sink.begin(
            columns.map(|(column, decoder)| Column { name: column.name().to_owned(), kind: decoder.kind() }).collect(),
        )?;
        loop {
            let next = match poll_fn(|context| Poll::Ready(rows.as_mut().poll_next(context))).await {
                Poll::Ready(next) => next,
                Poll::Pending => {
                    if sink.flush().await == Flow::Enough {
                        return Ok(Flow::Enough);
                    }
                    rows.next().await
                }
            };
            let row = match next {
                None => return Ok(Flow::More),
                Some(Err(error)) => return Err(self.failed(&error)),
                Some(Ok(row)) => row,
            };
            self.meter.take(ROW_HEAD + row.raw_size_bytes());
            for (place, decoder) in decoders.iter().enumerate() {
                sink.cell(cell(&row, place, decoder)?);
            }
            if sink.end_row()? == Flow::Enough || (sink.is_full() && sink.flush().await == Flow::Enough) {
                return Ok(Flow::Enough);
            }
        }
    }

    /// Begins, and asks the transaction for its moment; the statement that comes back tells it whose it is.
    async fn sign(&mut self, begin: &str) -> Result<String, RunError> {
        let begun = self.client.simple_query(&format!("{begin}; SELECT cloison.moment()")).await;
        let begun = begun.map_err(|error| self.failed(&error))?;
        let moment = begun.iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.try_get(0).ok().flatten(),
            _ => None,
        });
        let told = self.context.as_ref().zip(moment).map(|(context, moment)| context.statement(moment));
        told.ok_or(RunError::Malformed)
    }

    /// Notes what an error means for the session.
    fn failed(&mut self, error: &tokio_postgres::Error) -> RunError {
        if error::is_stale_statement(error) {
            // The table changed under a kept statement: a new session sees it as it is now.
            return RunError::ConnectionLost;
        }
        let (class, goes_on) = error::running(error);
        self.spoilt = !goes_on;
        class
    }

    /// Brings the session back to how it was opened. False when that is not certain.
    pub(crate) async fn recycle(&mut self) -> bool {
        if !self.is_open() {
            return false;
        }
        let Some(resetting) = self.resetting.as_mut() else { return self.client.batch_execute(RESET).await.is_ok() };
        // Nothing is lost when this is dropped half-way and begun again.
        while let Some(message) = resetting.next().await {
            if message.is_err() {
                return false;
            }
        }
        self.resetting = None;
        true
    }
}

fn begin(sink: &Sink, timezone: &TimeZone) -> String {
    // A little above our own clock, which is the one that reports.
    let timeout = sink.limits().timeout.as_millis().saturating_add(500).min(86_400_000);
    let mut begin = format!("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = {timeout}");
    if let Some(name) = timezone.iana_name()
        && name != "UTC"
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'/' | b'+' | b'-'))
    {
        begin.push_str("; SET LOCAL TimeZone = '");
        begin.push_str(name);
        begin.push('\'');
    }
    begin
}

/// A value as it came, whatever its type.
struct Raw<'a>(Option<&'a [u8]>);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(_type: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self(Some(raw)))
    }

    fn from_sql_null(_type: &Type) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self(None))
    }

    fn accepts(_type: &Type) -> bool {
        true
    }
}

fn cell(row: &Row, place: usize, decoder: &Decoder) -> Result<Cell, RunError> {
    let raw: Raw<'_> = row.try_get(place).map_err(|_| RunError::Malformed)?;
    match raw.0 {
        None => Ok(Cell::Null),
        Some(bytes) => decoder.decode(bytes).ok_or(RunError::Malformed),
    }
}
