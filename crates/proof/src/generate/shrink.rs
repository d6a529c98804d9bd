//! Makes a statement smaller while what was found stays.

use super::tree::{Sort, Tree};

/// How often a smaller statement is tried, at most.
const TRIES: usize = 1500;

/// The smallest tree found for which `stays` holds; it holds for `tree` itself.
pub async fn shrink(tree: &Tree, mut stays: impl AsyncFnMut(&Tree) -> bool) -> Tree {
    let mut best = tree.clone();
    let mut tries = 0;
    let mut at = 0;
    // Node by node, the large ones first: what stands in front is larger than what it holds.
    while at < best.size() {
        let mut smaller = None;
        for way in ways(&best, at) {
            tries += 1;
            if tries > TRIES {
                return best;
            }
            if stays(&way).await {
                smaller = Some(way);
                break;
            }
        }
        match smaller {
            // Once more at the same place: another node stands there now.
            Some(tree) => best = tree,
            None => at += 1,
        }
    }
    best
}

/// The trees that have something smaller at the `at`-th node.
fn ways(tree: &Tree, at: usize) -> Vec<Tree> {
    let mut number = at;
    let Some(node) = find(tree, &mut number) else { return Vec::new() };
    let replacements = smaller(node);
    let put = |replacement: Tree| {
        let (mut copy, mut number) = (tree.clone(), at);
        replace(&mut copy, &mut number, replacement);
        copy
    };
    replacements.into_iter().map(put).collect()
}

fn find<'a>(tree: &'a Tree, number: &mut usize) -> Option<&'a Tree> {
    let Tree::Node(_, parts) = tree else { return None };
    if *number == 0 {
        return Some(tree);
    }
    *number -= 1;
    parts.iter().find_map(|part| find(part, number))
}

fn replace(tree: &mut Tree, number: &mut usize, with: Tree) -> Option<Tree> {
    if !matches!(tree, Tree::Node(..)) {
        return Some(with);
    }
    if *number == 0 {
        *tree = with;
        return None;
    }
    *number -= 1;
    let Tree::Node(_, parts) = tree else { return Some(with) };
    let mut with = Some(with);
    for part in parts {
        if let Some(left) = with.take() {
            with = replace(part, number, left);
        }
    }
    with
}

/// What may stand for a node.
fn smaller(node: &Tree) -> Vec<Tree> {
    let Tree::Node(sort, parts) = node else { return Vec::new() };
    match sort {
        Sort::Plain => Vec::new(),
        Sort::Optional => vec![Tree::nothing()],
        Sort::List(separator, least) => {
            let mut all = Vec::new();
            if parts.len() > *least + 1 {
                all.push(Tree::list(separator, *least, parts.iter().take((*least).max(1)).cloned().collect()));
            }
            for left_out in 0..parts.len() {
                if parts.len() > *least {
                    let rest = parts.iter().enumerate().filter(|(number, _)| *number != left_out);
                    all.push(Tree::list(separator, *least, rest.map(|(_, part)| part.clone()).collect()));
                }
            }
            all
        }
        Sort::Expr(kind) => {
            let least = Tree::from(kind.least());
            // A literal that stands there already is not smaller.
            let mut all = if parts.len() == 1 && !matches!(parts.first(), Some(Tree::Node(..))) {
                Vec::new()
            } else {
                vec![Tree::Node(*sort, vec![least])]
            };
            all.extend(inside(parts, *sort));
            all
        }
        Sort::Query => inside(parts, *sort),
    }
}

/// The nearest nodes of a sort.
fn inside(parts: &[Tree], wanted: Sort) -> Vec<Tree> {
    let mut all = Vec::new();
    for part in parts {
        if let Tree::Node(sort, parts) = part {
            if *sort == wanted { all.push(part.clone()) } else { all.extend(inside(parts, wanted)) }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::super::tree::{Type, node};
    use super::*;

    fn expr(parts: Vec<Tree>) -> Tree {
        Tree::Node(Sort::Expr(Type::Int), parts)
    }

    fn sample() -> Tree {
        let culprit = expr(vec!["bad(".into(), expr(vec!["x".into()]), ")".into()]);
        let sum = expr(vec![expr(vec!["y".into()]), " + ".into(), culprit]);
        let inner = node![Sort::Query; "SELECT ", Tree::list(", ", 1, vec![expr(vec!["z".into()]), sum]), node![Sort::Optional; " FROM t"]];
        let derived = node![Sort::Plain; "(", inner, ")"];
        node![Sort::Query; "SELECT ", Tree::list(", ", 1, vec![expr(vec!["a".into()]), expr(vec!["b".into()])]), " FROM ", derived,
            node![Sort::Optional; " WHERE ", expr(vec!["c".into()])]]
    }

    #[tokio::test]
    async fn what_matters_stays_and_the_rest_goes() {
        let tree = sample();
        assert_eq!(tree.text(), "SELECT a, b FROM (SELECT z, y + bad(x) FROM t) WHERE c");
        let small = shrink(&tree, async |tree| tree.text().contains("bad(")).await;
        assert_eq!(small.text(), "SELECT bad(x)");
    }

    #[tokio::test]
    async fn what_cannot_be_made_smaller_stays_as_it_is() {
        let tree = sample();
        let whole = tree.text();
        let small = shrink(&tree, async |tree| tree.text() == whole).await;
        assert_eq!(small.text(), whole);
    }
}
