//! FROM: tables, queries, functions and joins.

use super::{Lowered, Lowerer};
use crate::Dialect;
use crate::scope::{Columns, Found, Visible};
use crate::tree::{Alias, Call, Factor, From, Join, JoinOn};
use sqlparser::ast;
use std::rc::Rc;

/// How many tables one statement may name: each becomes a query of all its columns.
const MOST_TABLES: usize = 300;

impl Lowerer<'_> {
    pub(super) fn from(&mut self, from: &ast::TableWithJoins) -> Lowered<From> {
        let ast::TableWithJoins { relation, joins } = from;
        Ok(From { first: self.factor(relation)?, joins: self.each(joins, Self::join)? })
    }

    fn join(&mut self, join: &ast::Join) -> Lowered<Join> {
        let ast::Join { relation, global, join_operator } = join;
        self.never(*global, "GLOBAL")?;
        let factor = self.factor(relation)?;
        let (words, constraint) = match join_operator {
            ast::JoinOperator::Join(on) | ast::JoinOperator::Inner(on) => ("JOIN", on),
            ast::JoinOperator::Left(on) | ast::JoinOperator::LeftOuter(on) => ("LEFT JOIN", on),
            ast::JoinOperator::Right(on) | ast::JoinOperator::RightOuter(on) => ("RIGHT JOIN", on),
            ast::JoinOperator::FullOuter(on) => ("FULL JOIN", on),
            ast::JoinOperator::CrossJoin(on) => ("CROSS JOIN", on),
            ast::JoinOperator::StraightJoin(on) => ("STRAIGHT_JOIN", on),
            ast::JoinOperator::Semi(_)
            | ast::JoinOperator::LeftSemi(_)
            | ast::JoinOperator::RightSemi(_)
            | ast::JoinOperator::Anti(_)
            | ast::JoinOperator::LeftAnti(_)
            | ast::JoinOperator::RightAnti(_)
            | ast::JoinOperator::CrossApply
            | ast::JoinOperator::OuterApply
            | ast::JoinOperator::AsOf { .. }
            | ast::JoinOperator::ArrayJoin
            | ast::JoinOperator::LeftArrayJoin
            | ast::JoinOperator::InnerArrayJoin => return self.refuse("this kind of join is not allowed"),
        };
        match words {
            "STRAIGHT_JOIN" => self.only(&[Dialect::Mysql], words)?,
            "FULL JOIN" => self.only(&[Dialect::Postgres, Dialect::Sqlite], words)?,
            _ => {}
        }
        Ok(Join { words, factor, on: self.constraint(constraint)? })
    }

    fn constraint(&mut self, constraint: &ast::JoinConstraint) -> Lowered<JoinOn> {
        match constraint {
            ast::JoinConstraint::None => Ok(JoinOn::Nothing),
            ast::JoinConstraint::Natural => Ok(JoinOn::Natural),
            ast::JoinConstraint::On(expr) => self.expr(expr).map(JoinOn::Expr),
            ast::JoinConstraint::Using(names) => self.each(names, Self::simple).map(JoinOn::Using),
            ast::JoinConstraint::UsingAlias(..) => self.refuse("an alias behind USING is not allowed"),
        }
    }

    fn factor(&mut self, factor: &ast::TableFactor) -> Lowered<Factor> {
        self.deeper(|lowerer| match factor {
            ast::TableFactor::Table {
                name,
                alias,
                args,
                with_hints,
                version,
                with_ordinality,
                partitions,
                json_path,
                sample,
                index_directives,
                inheritance,
            } => {
                lowerer.empty(with_hints, "a hint")?;
                lowerer.none(version.as_ref(), "a version of a table")?;
                lowerer.empty(partitions, "PARTITION")?;
                lowerer.none(json_path.as_ref(), "a path behind a table")?;
                lowerer.none(sample.as_ref(), "TABLESAMPLE")?;
                lowerer.empty(index_directives, "an index hint")?;
                lowerer.none(inheritance.as_ref(), "ONLY or * beside a table")?;
                match args {
                    None => {
                        lowerer.never(*with_ordinality, "WITH ORDINALITY behind a table")?;
                        lowerer.table(name, alias.as_ref())
                    }
                    Some(ast::TableFunctionArgs { args, settings }) => {
                        lowerer.none(settings.as_ref(), "SETTINGS")?;
                        lowerer.table_function(false, name, args, *with_ordinality, alias.as_ref())
                    }
                }
            }
            ast::TableFactor::Derived { lateral, subquery, alias, sample } => {
                lowerer.none(sample.as_ref(), "TABLESAMPLE")?;
                let (mut query, columns) = lowerer.columned(subquery, None)?;
                if let (true, Some(fences)) = (*lateral, lowerer.guarding()) {
                    fences.narrow(&mut query, &lowerer.scopes);
                }
                let alias = match alias {
                    Some(alias) => lowerer.alias(alias)?,
                    None => Alias { name: lowerer.made_up('d'), columns: Vec::new() },
                };
                if *lateral {
                    lowerer.only(&[Dialect::Postgres, Dialect::Mysql], "LATERAL")?;
                }
                lowerer.enter(&alias, columns);
                Ok(Factor::Derived { lateral: *lateral, query: Box::new(query), alias })
            }
            ast::TableFactor::Function { lateral, name, args, with_ordinality, alias } => {
                lowerer.table_function(*lateral, name, args, *with_ordinality, alias.as_ref())
            }
            ast::TableFactor::UNNEST { alias, array_exprs, with_offset, with_offset_alias, with_ordinality } => {
                lowerer.only(&[Dialect::Postgres], "UNNEST")?;
                lowerer.never(*with_offset || with_offset_alias.is_some(), "WITH OFFSET")?;
                let list = lowerer.each(array_exprs, Self::plain_arg)?;
                let call = Call::plain("unnest", list);
                lowerer.function_factor(false, call, *with_ordinality, alias.as_ref())
            }
            ast::TableFactor::NestedJoin { table_with_joins, alias } => {
                lowerer.none(alias.as_ref(), "an alias behind a join in brackets")?;
                let from = lowerer.from(table_with_joins)?;
                Ok(match from {
                    From { first, joins } if joins.is_empty() => first,
                    from => Factor::Nested(Box::new(from)),
                })
            }
            ast::TableFactor::TableFunction { .. }
            | ast::TableFactor::JsonTable { .. }
            | ast::TableFactor::OpenJsonTable { .. }
            | ast::TableFactor::Pivot { .. }
            | ast::TableFactor::Unpivot { .. }
            | ast::TableFactor::UnpivotExpr { .. }
            | ast::TableFactor::MatchRecognize { .. }
            | ast::TableFactor::XmlTable { .. }
            | ast::TableFactor::SemanticView { .. } => lowerer.refuse("this kind of table is not allowed in FROM"),
        })
    }

    /// An alias with the names of its columns.
    fn alias(&mut self, alias: &ast::TableAlias) -> Lowered<Alias> {
        let ast::TableAlias { explicit: _, name, columns, at } = alias;
        self.none(at.as_ref(), "AT")?;
        if !columns.is_empty() {
            self.only(&[Dialect::Postgres, Dialect::Mysql], "a list of columns behind an alias")?;
        }
        Ok(Alias { name: self.name(name)?, columns: self.column_names(columns)? })
    }

    /// A query of WITH or a relation of the catalogue, behind its fence.
    fn table(&mut self, name: &ast::ObjectName, alias: Option<&ast::TableAlias>) -> Lowered<Factor> {
        let path = self.path(name)?;
        let alias = self.maybe(alias, Self::alias)?;
        let Some(own) = path.last().cloned() else { return self.refuse("a name is missing") };
        let given = alias.is_some();
        let alias = alias.unwrap_or(Alias { name: own.clone(), columns: Vec::new() });
        let Some(fences) = self.guarding() else { return Ok(Factor::Table { path, alias }) };
        let exact_table = fences.find(&path, true);
        let cte = match path.as_slice() {
            [name] => self.query_of_with(name, exact_table.is_some())?,
            _ => Found::Nothing,
        };
        match cte {
            Found::Cte(canonical, columns) => {
                let columns = columns.or_else(|| self.no_columns());
                self.enter(&alias, columns);
                return Ok(Factor::Table { path: vec![canonical], alias });
            }
            Found::Later => return self.refuse(format!("\"{own}\" is defined further down: move it up in WITH")),
            Found::Nothing => {}
        }
        let Some(relation) = exact_table.or_else(|| fences.find(&path, false)) else {
            return self.refuse(format!("there is no table \"{}\" here", path.join(".")));
        };
        self.tables += 1;
        if self.tables > MOST_TABLES {
            return self.refuse("the statement names too many tables: split it");
        }
        let own_name = fences.own_name(relation).filter(|_| !given);
        let columns = alias.columns.is_empty().then(|| Rc::new(fences.columns(relation)));
        let columns = columns.or_else(|| self.listed(&alias.columns));
        let as_it_is = alias.columns.is_empty().then_some(relation);
        self.scopes.add(Visible { alias: alias.name.clone(), own_name, relation: as_it_is, columns });
        let fenced = fences.factor(relation, alias, &self.mentioned);
        let (factor, read) = match fenced {
            Ok(fenced) => fenced,
            Err(message) => return self.refuse(message),
        };
        self.relations.extend(read);
        Ok(factor)
    }

    /// The query of WITH that a name means. Capitals tell them apart on some servers of MariaDB and MySQL.
    fn query_of_with(&self, name: &str, is_table: bool) -> Lowered<Found> {
        let found = self.scopes.cte(name, self.dialect != Dialect::Sqlite);
        if !matches!(found, Found::Nothing) {
            return Ok(found);
        }
        match self.scopes.cte(name, false) {
            Found::Cte(..) | Found::Later if is_table => {
                self.refuse(format!("\"{name}\" is a table and, but for capitals, a query of WITH: rename the query"))
            }
            found => Ok(found),
        }
    }

    /// Something without a name of its own stands in FROM.
    fn enter(&mut self, alias: &Alias, columns: Columns) {
        let columns = self.behind(alias, columns);
        self.scopes.add(Visible { alias: alias.name.clone(), own_name: None, relation: None, columns });
    }

    fn table_function(
        &mut self,
        lateral: bool,
        name: &ast::ObjectName,
        args: &[ast::FunctionArg],
        ordinality: bool,
        alias: Option<&ast::TableAlias>,
    ) -> Lowered<Factor> {
        let call = self.table_call(name, args)?;
        self.function_factor(lateral, call, ordinality, alias)
    }

    fn function_factor(
        &mut self,
        lateral: bool,
        call: Call,
        ordinality: bool,
        alias: Option<&ast::TableAlias>,
    ) -> Lowered<Factor> {
        if lateral || ordinality {
            self.only(&[Dialect::Postgres], "LATERAL or WITH ORDINALITY beside a function")?;
        }
        let alias = self.maybe(alias, Self::alias)?;
        let visible = alias.as_ref().map_or(&call.name, |alias| &alias.name).clone();
        let columns = self.of_call(&call, ordinality, alias.as_ref());
        self.scopes.add(Visible { alias: visible, own_name: None, relation: None, columns });
        Ok(Factor::Function { lateral, call: Box::new(call), ordinality, alias })
    }
}
