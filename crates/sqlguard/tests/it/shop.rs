//! A catalogue with every form of fence, rule and mask, and with names that invite confusion.

use sqlguard::{Catalogue, Column, ColumnKind, Dialect, Fence, Mask, Operand, Predicate, Relation};

/// What the operands stand for, for whoever reads the golden files.
const TENANT: Operand = Operand(0);
const ORGANISATION: Operand = Operand(1);
const DEVICE: Operand = Operand(2);
const COURSES: [Operand; 2] = [Operand(3), Operand(4)];
const SALT: Operand = Operand(5);

pub(crate) const DIALECTS: [(&str, Dialect); 3] =
    [("postgres", Dialect::Postgres), ("mysql", Dialect::Mysql), ("sqlite", Dialect::Sqlite)];

/// The schema that names without one are looked up in.
pub(crate) fn own_schema(dialect: Dialect) -> &'static str {
    if dialect == Dialect::Sqlite { "main" } else { "app" }
}

pub(crate) fn catalogue(dialect: Dialect) -> Catalogue {
    let own = own_schema(dialect);
    let keyed = || equals("tenant_id", TENANT);
    let table = |name: &str, columns: &[&str], fence| relation(own, name, columns, fence);
    let through = |column: &str, other: &str, holds| Predicate::Through {
        column: column.to_owned(),
        schema: own.to_owned(),
        relation: other.to_owned(),
        key: "id".to_owned(),
        holds: Box::new(holds),
    };
    let device = if dialect == Dialect::Postgres { "device:uuid" } else { "device:text" };
    let mut relations = vec![
        table(
            "orders",
            &["id:int", "tenant_id:text", "customer_id:int", "amount", "note:text", "placed"],
            Fence::Rows(keyed()),
        ),
        table(
            "lines",
            &["id:int", "order_id:int", "sku:text", "qty:int"],
            Fence::Rows(through("order_id", "orders", keyed())),
        ),
        table(
            "refunds",
            &["line_id:int", "amount"],
            Fence::Rows(through("line_id", "lines", through("order_id", "orders", keyed()))),
        ),
        masked(table(
            "customers",
            &["id:int", "org:int", "name:text", "email:text", "phone:text", "iban:text", "password:text"],
            Fence::Rows(equals("org", ORGANISATION)),
        )),
        masked(table("staff", &["id:int", "name:text", "email:text", "password:text"], Fence::Open)),
        masked(table("cards", &["org:int", "iban:int"], Fence::Rows(equals("org", ORGANISATION)))),
        table("regions", &["code:text", "name:text"], Fence::Open),
        table("visits", &[device, "at"], Fence::Rows(equals("device", DEVICE))),
        table(
            "grades",
            &["course_id:int", "tenant_id:text", "user_id:text", "points"],
            Fence::Rows(Predicate::All(vec![
                keyed(),
                Predicate::Any(vec![
                    Predicate::In { column: "course_id".to_owned(), values: COURSES.to_vec() },
                    Predicate::In { column: "user_id".to_owned(), values: COURSES.to_vec() },
                    Predicate::Never,
                ]),
            ])),
        ),
        table("never", &["x"], Fence::Rows(Predicate::Never)),
        table("always", &["x"], Fence::Rows(Predicate::Always)),
        table("all_of_none", &["x"], Fence::Rows(Predicate::All(vec![]))),
        table("any_of_none", &["x"], Fence::Rows(Predicate::Any(vec![]))),
        table("in_none", &["x:text"], Fence::Rows(Predicate::In { column: "x".to_owned(), values: vec![] })),
        table("secrets", &["id:int", "v"], Fence::Withheld("is not declared: only declared tables are read")),
        // A rule that leads through a table that may not be read itself.
        table(
            "told",
            &["secret_id:int", "x"],
            Fence::Rows(through("secret_id", "secrets", equals("id", ORGANISATION))),
        ),
        table("lost", &["x:int"], Fence::Rows(through("x", "nowhere", Predicate::Always))),
        table("keyless", &["x:int"], Fence::Rows(through("x", "visits", Predicate::Always))),
        table("ruleless", &["x:int"], Fence::Rows(equals("tenant_id", TENANT))),
        table("untyped", &["x"], Fence::Rows(equals("x", TENANT))),
        table("deep", &["id:int"], Fence::Rows(chain(own, 16))),
        table("deeper", &["id:int"], Fence::Rows(chain(own, 17))),
        table("Sales 2024", &["Größe", "a\"b", "a`b", "order"], Fence::Rows(Predicate::Always)),
        table("o\"r`d", &["x"], Fence::Rows(Predicate::Always)),
        table("Twin", &["x"], Fence::Rows(Predicate::Always)),
        table("twin", &["y"], Fence::Rows(Predicate::Always)),
        // A column with the name of one that every table has.
        table("system", &["cmax", "row_end", "_rowid_"], Fence::Rows(Predicate::Always)),
        // Names that no text of ours can hold without doubt.
        table("bell", &["x", "a\u{7}b"], Fence::Rows(Predicate::Always)),
        table("blank", &["x", "a "], Fence::Rows(Predicate::Always)),
        table("long", &["x", &"a".repeat(129)], Fence::Rows(Predicate::Always)),
        relation("crm", "orders", &["id:int", "tenant_id:text", "stage:text"], Fence::Rows(keyed())),
        relation("crm", "deals", &["id:int", "tenant_id:text"], Fence::Rows(keyed())),
        relation("crm", "kinds", &["id:int"], Fence::Open),
    ];
    for confusing in ["select", "c1", "r0", "d1"] {
        relations.push(table(confusing, &["id:int", "tenant_id:text", "v"], Fence::Rows(keyed())));
    }
    let mut bare = masked(table("bare", &["password:text"], Fence::Open));
    bare.columns.truncate(1);
    relations.push(bare);
    Catalogue { dialect, schema: own.to_owned(), relations }
}

pub(crate) fn equals(column: &str, value: Operand) -> Predicate {
    Predicate::Equals { column: column.to_owned(), value }
}

/// A rule over so many tables, all of them `deep`.
fn chain(schema: &str, length: usize) -> Predicate {
    (0..length).fold(Predicate::Always, |holds, _| Predicate::Through {
        column: "id".to_owned(),
        schema: schema.to_owned(),
        relation: "deep".to_owned(),
        key: "id".to_owned(),
        holds: Box::new(holds),
    })
}

/// `name`, or `name:kind`.
pub(crate) fn relation(schema: &str, name: &str, columns: &[&str], fence: Fence) -> Relation {
    let column = |column: &&str| {
        let (name, kind) = column.split_once(':').unwrap_or((column, ""));
        let kind = match kind {
            "int" => ColumnKind::Integer,
            "text" => ColumnKind::Text,
            "uuid" => ColumnKind::Uuid,
            _ => ColumnKind::Other,
        };
        Column { name: name.to_owned(), kind, mask: None }
    };
    Relation { schema: schema.to_owned(), name: name.to_owned(), columns: columns.iter().map(column).collect(), fence }
}

fn masked(mut relation: Relation) -> Relation {
    for column in &mut relation.columns {
        column.mask = match column.name.as_str() {
            "email" => Some(Mask::Hash { salt: SALT }),
            "phone" => Some(Mask::LastFour),
            "iban" => Some(Mask::Null),
            "password" => Some(Mask::Hidden),
            _ => None,
        };
    }
    relation
}
