//! SELECT.

use super::{Lowered, Lowerer};
use crate::Dialect;
use crate::scope::Columns;
use crate::tree::{Distinct, Expr, From, Grouping, Order, Select};
use sqlparser::ast;

impl Lowerer<'_> {
    /// The scope of its FROM stays open: ORDER BY stands behind it.
    pub(super) fn select(&mut self, select: &ast::Select) -> Lowered<(Select, Columns)> {
        let ast::Select {
            select_token,
            optimizer_hints,
            distinct,
            select_modifiers,
            top,
            top_before_distinct,
            projection,
            exclude,
            into,
            from,
            lateral_views,
            prewhere,
            selection,
            connect_by,
            group_by,
            cluster_by,
            distribute_by,
            sort_by,
            having,
            named_window,
            qualify,
            window_before_qualify: _,
            value_table_mode,
            flavor,
        } = select;
        self.see(select_token.0.span);
        self.empty(optimizer_hints, "a hint")?;
        self.modifiers(select_modifiers.as_ref())?;
        self.never(top.is_some() || *top_before_distinct, "TOP")?;
        self.none(exclude.as_ref(), "EXCLUDE")?;
        self.none(into.as_ref(), "INTO")?;
        self.empty(lateral_views, "LATERAL VIEW")?;
        self.none(prewhere.as_ref(), "PREWHERE")?;
        self.empty(connect_by, "CONNECT BY")?;
        self.empty(cluster_by, "CLUSTER BY")?;
        self.empty(distribute_by, "DISTRIBUTE BY")?;
        self.empty(sort_by, "SORT BY")?;
        self.none(qualify.as_ref(), "QUALIFY")?;
        self.none(value_table_mode.as_ref(), "AS STRUCT")?;
        match flavor {
            ast::SelectFlavor::Standard => {}
            ast::SelectFlavor::FromFirst | ast::SelectFlavor::FromFirstNoSelect => {
                return self.refuse("FROM stands behind SELECT");
            }
        }
        if projection.is_empty() {
            return self.refuse("SELECT needs a column");
        }
        self.scopes.open_from();
        let from = self.each(from, Self::from)?;
        let distinct = self.distinct(distinct.as_ref())?;
        let texts = self.item_texts(select_token.0.span.start, projection.len());
        let mut items = Vec::new();
        for (index, item) in projection.iter().enumerate() {
            items.push(self.item(item, texts.get(index).copied())?);
        }
        let columns = self.selected(&items);
        let filter = self.maybe(selection.as_ref(), Self::expr)?.or_else(|| self.always(&from));
        let (group_by, with_rollup) = self.group_by(group_by)?;
        let having = self.maybe(having.as_ref(), Self::expr)?;
        let windows = self.each(named_window, Self::named_window)?;
        Ok((Select { distinct, items, from, filter, group_by, with_rollup, having, windows }, columns))
    }

    /// What MariaDB needs in a query without FROM inside another: as a prepared statement it does not find a column of
    /// the outer query there ("Unknown table in SELECT") when that is behind a fence, unless there is a condition.
    fn always(&self, from: &[From]) -> Option<Expr> {
        let needed = self.dialect == Dialect::Mysql && self.guarding().is_some();
        let one = || Expr::Number("1".to_owned());
        (needed && from.is_empty() && self.scopes.is_nested()).then(|| Expr::binary(one(), "=", one()))
    }

    fn modifiers(&self, modifiers: Option<&ast::SelectModifiers>) -> Lowered<()> {
        let Some(modifiers) = modifiers else { return Ok(()) };
        let ast::SelectModifiers {
            high_priority,
            straight_join,
            sql_small_result,
            sql_big_result,
            sql_buffer_result,
            sql_no_cache,
            sql_calc_found_rows,
        } = modifiers;
        let any = [
            high_priority,
            straight_join,
            sql_small_result,
            sql_big_result,
            sql_buffer_result,
            sql_no_cache,
            sql_calc_found_rows,
        ];
        self.never(any.into_iter().any(|set| *set), "a modifier of SELECT")
    }

    fn distinct(&mut self, distinct: Option<&ast::Distinct>) -> Lowered<Distinct> {
        Ok(match distinct {
            None | Some(ast::Distinct::All) => Distinct::No,
            Some(ast::Distinct::Distinct) => Distinct::Yes,
            Some(ast::Distinct::On(list)) => {
                self.only(&[Dialect::Postgres], "DISTINCT ON")?;
                Distinct::On(self.exprs(list)?)
            }
        })
    }

    fn group_by(&mut self, group_by: &ast::GroupByExpr) -> Lowered<(Vec<Grouping>, bool)> {
        let (list, modifiers) = match group_by {
            ast::GroupByExpr::All(_) => return self.refuse("GROUP BY ALL is not allowed: name the columns"),
            ast::GroupByExpr::Expressions(list, modifiers) => (list, modifiers),
        };
        let mut with_rollup = false;
        for modifier in modifiers {
            match modifier {
                ast::GroupByWithModifier::Rollup => with_rollup = true,
                ast::GroupByWithModifier::Cube
                | ast::GroupByWithModifier::Totals
                | ast::GroupByWithModifier::GroupingSets(_) => {
                    return self.refuse("WITH behind GROUP BY knows ROLLUP only");
                }
            }
        }
        if with_rollup {
            self.only(&[Dialect::Mysql], "WITH ROLLUP")?;
        }
        Ok((self.each(list, Self::grouping)?, with_rollup))
    }

    fn grouping(&mut self, expr: &ast::Expr) -> Lowered<Grouping> {
        let (word, sets) = match expr {
            ast::Expr::GroupingSets(sets) => ("GROUPING SETS", sets),
            ast::Expr::Cube(sets) => ("CUBE", sets),
            ast::Expr::Rollup(sets) => ("ROLLUP", sets),
            other => return self.expr(other).map(Grouping::Expr),
        };
        self.only(&[Dialect::Postgres], word)?;
        let sets = self.each(sets, |lowerer, set| lowerer.exprs(set))?;
        Ok(Grouping::Sets(word, sets))
    }

    pub(super) fn order_clause(&mut self, order_by: &ast::OrderBy) -> Lowered<Vec<Order>> {
        let ast::OrderBy { kind, interpolate } = order_by;
        self.none(interpolate.as_ref(), "INTERPOLATE")?;
        match kind {
            ast::OrderByKind::All(_) => self.refuse("ORDER BY ALL is not allowed: name the columns"),
            ast::OrderByKind::Expressions(list) => self.orders(list),
        }
    }

    pub(super) fn orders(&mut self, list: &[ast::OrderByExpr]) -> Lowered<Vec<Order>> {
        self.each(list, |lowerer, order| {
            let ast::OrderByExpr { expr, options, with_fill } = order;
            let ast::OrderByOptions { sort, nulls_first } = options;
            lowerer.none(with_fill.as_ref(), "WITH FILL")?;
            let descending = match sort {
                None | Some(ast::OrderBySort::Asc) => false,
                Some(ast::OrderBySort::Desc) => true,
                Some(ast::OrderBySort::Using(_)) => return lowerer.refuse("USING in ORDER BY is not allowed"),
            };
            if nulls_first.is_some() {
                lowerer.only(&[Dialect::Postgres, Dialect::Sqlite], "NULLS FIRST or LAST")?;
            }
            Ok(Order { expr: lowerer.expr(expr)?, descending, nulls_first: *nulls_first })
        })
    }

    pub(super) fn exprs(&mut self, list: &[ast::Expr]) -> Lowered<Vec<Expr>> {
        self.each(list, Self::expr)
    }
}
