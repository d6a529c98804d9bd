//! Queries: WITH, set operations, ORDER BY and LIMIT.

use super::{Lowered, Lowerer, Purpose};
use crate::Dialect;
use crate::scope::{AtWork, Columns, Sight};
use crate::tree::{Body, Cte, Expr, Query, SetOperator, With};
use sqlparser::ast;

impl Lowerer<'_> {
    /// Any query, wherever it stands.
    pub(super) fn query(&mut self, query: &ast::Query) -> Lowered<Query> {
        self.columned(query, None).map(|(query, _)| query)
    }

    /// A query and its columns; those of a query of WITH are known to itself as soon as can be.
    pub(super) fn columned(&mut self, query: &ast::Query, cte: Option<AtWork>) -> Lowered<(Query, Columns)> {
        self.deeper(|lowerer| {
            let mark = lowerer.scopes.mark();
            let lowered = lowerer.query_inside(query, cte);
            lowerer.scopes.back_to(mark);
            lowered
        })
    }

    fn query_inside(&mut self, query: &ast::Query, cte: Option<AtWork>) -> Lowered<(Query, Columns)> {
        let ast::Query {
            with,
            body,
            order_by,
            limit_clause,
            fetch,
            locks,
            for_clause,
            settings,
            format_clause,
            pipe_operators,
        } = query;
        self.empty(locks, "locking rows with FOR")?;
        self.none(for_clause.as_ref(), "FOR")?;
        self.none(settings.as_ref(), "SETTINGS")?;
        self.none(format_clause.as_ref(), "FORMAT")?;
        self.empty(pipe_operators, "|>")?;
        let with = self.maybe(with.as_ref(), Self::with)?;
        let (body, columns) = self.body(body, cte)?;
        let order_by = match order_by {
            None => Vec::new(),
            Some(order_by) => self.order_clause(order_by)?,
        };
        let (limit, offset) = self.limit(limit_clause.as_ref())?;
        let (limit, ties) = self.fetch(limit, fetch.as_ref())?;
        let lowered = Query { with, body, order_by, limit, offset, ties };
        let lowered = match lowered {
            // Brackets around a whole query say nothing.
            Query { with: None, body: Body::Query(inner), ref order_by, limit: None, offset: None, ties: _ }
                if order_by.is_empty() =>
            {
                *inner
            }
            lowered => lowered,
        };
        Ok((lowered, columns))
    }

    fn with(&mut self, with: &ast::With) -> Lowered<With> {
        let ast::With { with_token, recursive, cte_tables } = with;
        self.see(with_token.0.span);
        let names = self.each(cte_tables, |lowerer, cte| lowerer.name(&cte.alias.name))?;
        let own = matches!(self.purpose, Purpose::ReadBack(_));
        let sight = match (self.dialect, *recursive) {
            _ if own => Sight::All,
            (Dialect::Sqlite, _) => Sight::All,
            // PostgreSQL and MariaDB see those further down too; what one of them is made of is not known yet.
            (Dialect::Postgres | Dialect::Mysql, true) => Sight::Self_,
            (Dialect::Postgres | Dialect::Mysql, false) => Sight::Earlier,
        };
        let canonical: Vec<String> =
            names.iter().map(|name| if own { name.clone() } else { self.made_up('c') }).collect();
        if !self.scopes.open_with(&names, &canonical, sight) {
            return self.refuse("two queries of one WITH have the same name");
        }
        let mut ctes = Vec::new();
        for (cte, name) in cte_tables.iter().zip(canonical) {
            ctes.push(self.cte(cte, name)?);
            self.scopes.end_cte();
        }
        Ok(With { recursive: *recursive, ctes })
    }

    fn cte(&mut self, cte: &ast::Cte, name: String) -> Lowered<Cte> {
        let ast::Cte { alias, query, from, materialized, closing_paren_token: _ } = cte;
        let ast::TableAlias { explicit: _, name: _, columns, at } = alias;
        self.none(from.as_ref(), "FROM behind WITH")?;
        self.none(at.as_ref(), "AT")?;
        let columns = self.column_names(columns)?;
        let materialized = match materialized {
            None => None,
            Some(ast::CteAsMaterialized::Materialized) => Some(true),
            Some(ast::CteAsMaterialized::NotMaterialized) => Some(false),
        };
        if materialized.is_some() {
            self.only(&[Dialect::Postgres, Dialect::Sqlite], "MATERIALIZED")?;
        }
        let at_work = self.scopes.at_work();
        self.scopes.learn(at_work, self.listed(&columns));
        let (query, own) = self.columned(query, at_work)?;
        self.scopes.learn(at_work, own);
        Ok(Cte { name, columns, materialized, query })
    }

    /// The names in the brackets behind an alias.
    pub(super) fn column_names(&mut self, columns: &[ast::TableAliasColumnDef]) -> Lowered<Vec<String>> {
        self.each(columns, |lowerer, column| {
            let ast::TableAliasColumnDef { name, data_type } = column;
            lowerer.none(data_type.as_ref(), "a type in an alias")?;
            lowerer.name(name)
        })
    }

    fn body(&mut self, body: &ast::SetExpr, cte: Option<AtWork>) -> Lowered<(Body, Columns)> {
        self.deeper(|lowerer| match body {
            ast::SetExpr::Select(select) => {
                let (select, columns) = lowerer.select(select)?;
                Ok((Body::Select(Box::new(select)), columns))
            }
            ast::SetExpr::Query(query) => {
                let (query, columns) = lowerer.columned(query, cte)?;
                Ok((if query.is_plain() { query.body } else { Body::Query(Box::new(query)) }, columns))
            }
            ast::SetExpr::SetOperation { left, op, set_quantifier, right } => {
                let (operator, all) = lowerer.set_operator(*op, *set_quantifier)?;
                lowerer.set_operation(left, operator, all, right, cte)
            }
            ast::SetExpr::Values(values) => lowerer.values(values),
            ast::SetExpr::Table(_) => lowerer.refuse("TABLE is not allowed: write SELECT * FROM"),
            ast::SetExpr::Insert(_) | ast::SetExpr::Update(_) | ast::SetExpr::Delete(_) | ast::SetExpr::Merge(_) => {
                lowerer.refuse("only reading is allowed: write SELECT")
            }
        })
    }

    fn set_operator(&self, operator: ast::SetOperator, quantifier: ast::SetQuantifier) -> Lowered<(SetOperator, bool)> {
        let operator = match operator {
            ast::SetOperator::Union => SetOperator::Union,
            ast::SetOperator::Except => SetOperator::Except,
            ast::SetOperator::Intersect => SetOperator::Intersect,
            ast::SetOperator::Minus => return self.refuse("MINUS is not allowed: write EXCEPT"),
        };
        let all = match quantifier {
            ast::SetQuantifier::All => true,
            ast::SetQuantifier::Distinct | ast::SetQuantifier::None => false,
            ast::SetQuantifier::ByName | ast::SetQuantifier::AllByName | ast::SetQuantifier::DistinctByName => {
                return self.refuse("BY NAME is not allowed");
            }
        };
        Ok((operator, all))
    }

    fn set_operation(
        &mut self,
        left: &ast::SetExpr,
        operator: SetOperator,
        all: bool,
        right: &ast::SetExpr,
        cte: Option<AtWork>,
    ) -> Lowered<(Body, Columns)> {
        if self.dialect == Dialect::Sqlite {
            let nested = |body: &ast::SetExpr| matches!(body, ast::SetExpr::Query(_));
            let chained = matches!(right, ast::SetExpr::SetOperation { .. });
            self.never(nested(left) || nested(right), "a query in brackets beside UNION, EXCEPT or INTERSECT")?;
            self.never(chained, "INTERSECT behind UNION or EXCEPT, which SQLite reads from left to right,")?;
        }
        let mark = self.scopes.mark();
        let (left, columns) = self.body(left, None)?;
        self.scopes.back_to(mark);
        self.scopes.learn(cte, columns.clone());
        let (right, _) = self.body(right, None)?;
        self.scopes.back_to(mark);
        Ok((Body::Set { left: Box::new(left), operator, all, right: Box::new(right) }, columns))
    }

    fn values(&mut self, values: &ast::Values) -> Lowered<(Body, Columns)> {
        let ast::Values { explicit_row, value_keyword, rows } = values;
        self.never(*explicit_row, "ROW in VALUES")?;
        self.never(*value_keyword, "VALUE")?;
        let tables = self.tables;
        let rows = self.each(rows, |lowerer, row| {
            let ast::Parens { opening_token, content, closing_token: _ } = row;
            lowerer.see(opening_token.0.span);
            lowerer.exprs(content)
        })?;
        if self.dialect == Dialect::Mysql && self.tables > tables {
            // There the first row's text is the name of the column: the fence would be in it.
            return self.refuse("a table inside VALUES is not allowed: write SELECT … AS name");
        }
        let columns = self.numbered(&rows);
        Ok((Body::Values(rows), columns))
    }

    fn limit(&mut self, clause: Option<&ast::LimitClause>) -> Lowered<(Option<Expr>, Option<Expr>)> {
        let (limit, offset) = match clause {
            None => (None, None),
            Some(ast::LimitClause::LimitOffset { limit, offset, limit_by }) => {
                self.empty(limit_by, "LIMIT BY")?;
                let limit = self.maybe(limit.as_ref(), Self::count)?;
                let offset = self.maybe(offset.as_ref(), |lowerer, offset| {
                    let ast::Offset { value, rows } = offset;
                    match rows {
                        ast::OffsetRows::None | ast::OffsetRows::Row | ast::OffsetRows::Rows => lowerer.count(value),
                    }
                })?;
                (limit, offset)
            }
            Some(ast::LimitClause::OffsetCommaLimit { offset, limit }) => {
                (Some(self.count(limit)?), Some(self.count(offset)?))
            }
        };
        if limit.is_none() && offset.is_some() && self.dialect != Dialect::Postgres {
            return self.refuse("OFFSET needs LIMIT in front of it");
        }
        Ok((limit, offset))
    }

    /// How many rows: MariaDB and MySQL take numbers only.
    fn count(&mut self, expr: &ast::Expr) -> Lowered<Expr> {
        let count = self.expr(expr)?;
        let simple = matches!(count, Expr::Number(_) | Expr::Place(_));
        if self.dialect == Dialect::Mysql && !simple {
            return self.refuse("LIMIT and OFFSET take a number");
        }
        Ok(count)
    }

    fn fetch(&mut self, limit: Option<Expr>, fetch: Option<&ast::Fetch>) -> Lowered<(Option<Expr>, bool)> {
        let Some(fetch) = fetch else { return Ok((limit, false)) };
        let ast::Fetch { with_ties, percent, quantity } = fetch;
        self.only(&[Dialect::Postgres], "FETCH")?;
        self.never(*percent, "FETCH … PERCENT")?;
        if limit.is_some() {
            return self.refuse("LIMIT and FETCH say the same: leave one out");
        }
        let count = match quantity {
            Some(count) => self.count(count)?,
            None => Expr::Number("1".to_owned()),
        };
        Ok((Some(count), *with_ties))
    }
}
