//! Calls of functions.

use super::{Lowered, Lowerer, Purpose};
use crate::Dialect;
use crate::functions::{self, Kind};
use crate::tree::{Arg, Args, Call, Expr, Order};
use sqlparser::ast;

impl Lowerer<'_> {
    /// A call, wherever an expression may stand.
    pub(super) fn function(&mut self, function: &ast::Function) -> Lowered<Expr> {
        let ast::Function { name, uses_odbc_syntax, parameters, args, within_group, filter, null_treatment, over } =
            function;
        self.never(*uses_odbc_syntax, "{fn …}")?;
        self.never(!matches!(parameters, ast::FunctionArguments::None), "a second list of arguments")?;
        self.none(null_treatment.as_ref(), "IGNORE or RESPECT NULLS")?;
        let name = self.function_name(name)?;
        let list = match args {
            ast::FunctionArguments::Subquery(query) if self.dialect == Dialect::Postgres && name == "array" => {
                return self.query(query).map(|query| Expr::ArrayQuery(Box::new(query)));
            }
            ast::FunctionArguments::Subquery(_) => return self.refuse("a query stands in brackets of its own here"),
            ast::FunctionArguments::None => None,
            ast::FunctionArguments::List(list) => Some(list),
        };
        let Some(list) = list else {
            if !functions::bare(self.dialect, &name) {
                return self.unknown(&name);
            }
            return Ok(Expr::Call(Box::new(Call::bare(&name))));
        };
        if name == "row" && self.dialect != Dialect::Sqlite {
            return self.row(list);
        }
        let kind = self.known(&name)?;
        let call = Call {
            args: self.arguments(&name, kind, list)?,
            within_group: self.orders(within_group)?,
            filter: self.maybe(filter.as_deref(), Self::expr)?,
            over: self.maybe(over.as_ref(), Self::over)?,
            name,
        };
        if let Some(kind) = kind {
            self.fits(&call, kind)?;
        }
        Ok(Expr::Call(Box::new(call)))
    }

    /// `ROW(a, b)` is `(a, b)`.
    fn row(&mut self, list: &ast::FunctionArgumentList) -> Lowered<Expr> {
        let ast::FunctionArgumentList { duplicate_treatment, args, clauses } = list;
        self.never(duplicate_treatment.is_some() || !clauses.is_empty() || args.len() < 2, "this form of ROW")?;
        let values = self.each(args, |lowerer, arg| match lowerer.argument(arg)? {
            Arg { name: None, expr } => Ok(expr),
            Arg { .. } => lowerer.refuse("values of a row have no names"),
        })?;
        Ok(Expr::Row(values))
    }

    /// A call in FROM.
    pub(super) fn table_call(&mut self, name: &ast::ObjectName, args: &[ast::FunctionArg]) -> Lowered<Call> {
        let name = self.function_name(name)?;
        match self.known(&name)? {
            None | Some(Kind::Table) => {}
            Some(_) => return self.refuse(format!("the function \"{name}\" makes no table")),
        }
        let list = self.each(args, Self::argument)?;
        Ok(Call::plain(&name, list))
    }

    pub(super) fn plain_arg(&mut self, expr: &ast::Expr) -> Lowered<Arg> {
        Ok(Arg { name: None, expr: self.expr(expr)? })
    }

    /// In lower case, without `pg_catalog`.
    fn function_name(&mut self, name: &ast::ObjectName) -> Lowered<String> {
        let quoted = name.0.iter().any(|part| part.as_ident().is_some_and(|ident| ident.quote_style.is_some()));
        let path = self.path(name)?;
        match (path.as_slice(), self.dialect) {
            ([catalog, name], Dialect::Postgres) if catalog == "pg_catalog" => Ok(name.clone()),
            ([name], Dialect::Postgres) => Ok(name.clone()),
            ([name], Dialect::Mysql | Dialect::Sqlite) if !quoted => Ok(name.to_ascii_lowercase()),
            _ => self.refuse("a function is written without a schema and without quotes"),
        }
    }

    /// What kind of function it is; none when a text of our own is read back.
    fn known(&self, name: &str) -> Lowered<Option<Kind>> {
        match (functions::function(self.dialect, name), self.purpose) {
            (_, Purpose::ReadBack(_)) => Ok(None),
            (Some(kind), Purpose::Guard(_)) => Ok(Some(kind)),
            (None, Purpose::Guard(_)) => self.unknown(name),
        }
    }

    fn unknown<T>(&self, name: &str) -> Lowered<T> {
        let hint = functions::instead(name).map(|hint| format!(": {hint}")).unwrap_or_default();
        self.refuse(format!("the function \"{name}\" is not in the list of allowed functions{hint}"))
    }

    fn arguments(&mut self, name: &str, kind: Option<Kind>, list: &ast::FunctionArgumentList) -> Lowered<Args> {
        let ast::FunctionArgumentList { duplicate_treatment, args, clauses } = list;
        let distinct = match duplicate_treatment {
            None | Some(ast::DuplicateTreatment::All) => false,
            Some(ast::DuplicateTreatment::Distinct) => true,
        };
        let (order_by, separator) = self.clauses(clauses)?;
        if let [ast::FunctionArg::Unnamed(ast::FunctionArgExpr::Wildcard)] = args.as_slice() {
            let bare = name == "count" && !distinct && order_by.is_empty() && separator.is_none();
            return if bare { Ok(Args::Star) } else { self.refuse("* stands in count(*) only") };
        }
        let (unit, args) = match args.split_first() {
            Some((first, rest)) if functions::takes_unit(self.dialect, name) => (Some(self.unit(first)?), rest),
            _ => (None, args.as_slice()),
        };
        let list = self.each(args, Self::argument)?;
        if let (Some(demand), Some(_)) = (functions::demand(self.dialect, name), kind) {
            if list.iter().any(|arg| arg.name.is_some()) {
                return self.refuse("arguments of this function are written without names");
            }
            let values: Vec<Expr> = list.iter().map(|arg| arg.expr.clone()).collect();
            self.meets(demand, &values)?;
        }
        Ok(Args::List { distinct, unit, list, order_by, separator })
    }

    fn argument(&mut self, arg: &ast::FunctionArg) -> Lowered<Arg> {
        let (name, value) = match arg {
            ast::FunctionArg::Unnamed(value) => (None, value),
            ast::FunctionArg::Named { name, arg, operator: ast::FunctionArgOperator::RightArrow } => {
                self.only(&[Dialect::Postgres], "=>")?;
                (Some(self.name(name)?), arg)
            }
            ast::FunctionArg::ExprNamed {
                name: ast::Expr::Identifier(name),
                arg,
                operator: ast::FunctionArgOperator::RightArrow,
            } => {
                self.only(&[Dialect::Postgres], "=>")?;
                (Some(self.name(name)?), arg)
            }
            ast::FunctionArg::Named { .. } | ast::FunctionArg::ExprNamed { .. } => {
                return self.refuse("this way to name an argument is not allowed: write name => value");
            }
        };
        match value {
            ast::FunctionArgExpr::Expr(expr) => Ok(Arg { name, expr: self.expr(expr)? }),
            ast::FunctionArgExpr::QualifiedWildcard(_)
            | ast::FunctionArgExpr::Wildcard
            | ast::FunctionArgExpr::WildcardWithOptions(_) => self.refuse("* stands in count(*) only"),
        }
    }

    /// `day` in `timestampdiff(day, a, b)`.
    fn unit(&mut self, arg: &ast::FunctionArg) -> Lowered<String> {
        if let ast::FunctionArg::Unnamed(ast::FunctionArgExpr::Expr(ast::Expr::Identifier(word))) = arg {
            let name = self.name(word)?.to_ascii_lowercase();
            if word.quote_style.is_none() && functions::unit(self.dialect, &name) {
                return Ok(name);
            }
        }
        self.refuse("a unit of time stands here, such as DAY")
    }

    fn clauses(&mut self, clauses: &[ast::FunctionArgumentClause]) -> Lowered<(Vec<Order>, Option<String>)> {
        use ast::FunctionArgumentClause as C;
        let (mut order_by, mut separator) = (Vec::new(), None);
        for clause in clauses {
            match clause {
                C::OrderBy(list) if order_by.is_empty() => order_by = self.orders(list)?,
                C::Separator(value) if separator.is_none() => {
                    self.only(&[Dialect::Mysql], "SEPARATOR")?;
                    match self.value(value)? {
                        Expr::Text(text) => separator = Some(text),
                        _ => return self.refuse("SEPARATOR takes a text"),
                    }
                }
                C::OrderBy(_) | C::Separator(_) => return self.refuse("this stands here twice"),
                C::IgnoreOrRespectNulls(_)
                | C::Where(_)
                | C::Limit(_)
                | C::OnOverflow(_)
                | C::Having(_)
                | C::JsonNullClause(_)
                | C::JsonReturningClause(_) => return self.refuse("this clause is not allowed in a call"),
            }
        }
        Ok((order_by, separator))
    }

    /// Whether a call has the parts that its kind of function may have.
    fn fits(&self, call: &Call, kind: Kind) -> Lowered<()> {
        let Call { name, args, within_group, filter, over } = call;
        let (distinct, ordered, separated) = match args {
            Args::Bare | Args::Star => (false, false, false),
            Args::List { distinct, order_by, separator, .. } => (*distinct, !order_by.is_empty(), separator.is_some()),
        };
        if let ("normalize", Args::List { list, .. }) = (name.as_str(), args)
            && list.len() > 1
        {
            return self.refuse("the form of normalize() is a word, which is not allowed: write normalize(x) for NFC");
        }
        let aggregates = distinct || ordered || filter.is_some() || !within_group.is_empty();
        // PostgreSQL: `rank(5) WITHIN GROUP (ORDER BY amount)`.
        let hypothetical = self.dialect == Dialect::Postgres && !within_group.is_empty();
        if separated && name != "group_concat" {
            return self.refuse("SEPARATOR stands in group_concat only");
        }
        if filter.is_some() {
            self.only(&[Dialect::Postgres, Dialect::Sqlite], "FILTER")?;
        }
        match kind {
            Kind::Scalar | Kind::Table if aggregates || over.is_some() => self
                .refuse(format!("\"{name}\" is no aggregate: DISTINCT, ORDER BY, FILTER and OVER do not go with it")),
            Kind::Table => self.only(&[Dialect::Postgres], "a function that makes a table, outside of FROM,"),
            Kind::Window if over.is_none() && !hypothetical => self.refuse(format!("\"{name}\" needs OVER (…)")),
            Kind::Scalar | Kind::Aggregate | Kind::Window => Ok(()),
        }
    }
}
