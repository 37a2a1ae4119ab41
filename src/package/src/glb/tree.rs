//! The tree of nodes: that it is one, and where each node is.

use gltf::{Document, Node};

use super::{
    called,
    limits::{FARTHEST_M, GENERATIONS},
    none,
    problem::{Problem, Problems},
};

/// Columns of four.
pub(super) type Matrix = [[f32; 4]; 4];

const IDENTITY: Matrix = [
    [1.0, 0.0, 0.0, 0.0],
    [0.0, 1.0, 0.0, 0.0],
    [0.0, 0.0, 1.0, 0.0],
    [0.0, 0.0, 0.0, 1.0],
];

/// From the space of each node into the scene's.
pub(super) fn worlds(document: &Document) -> Result<Vec<Matrix>, Problems> {
    let parents = parents(document)?;
    none(roots(document, &parents))?;
    let count = document.nodes().len();
    let mut worlds = vec![IDENTITY; count];
    let mut reached = vec![false; count];
    let mut problems = Problems::new();
    let mut generation: Vec<_> = document
        .nodes()
        .filter(|node| parents[node.index()].is_none())
        .collect();
    for _ in 0..GENERATIONS {
        let mut next = Vec::new();
        for node in generation {
            let index = node.index();
            reached[index] = true;
            let above = parents[index].map_or(&IDENTITY, |parent| &worlds[parent]);
            worlds[index] = product(above, &node.transform().matrix());
            if !is_near(&worlds[index], 0.0) {
                problems.push(lost(&node));
            }
            next.extend(node.children());
        }
        generation = next;
    }
    none(problems)?;
    if let Some(node) = generation.first() {
        let message = format!(
            "{} is more than {GENERATIONS} generations below the scene",
            called("node", node.index(), node.name())
        );
        return Err(vec![Problem::huge(message)]);
    }
    match document.nodes().find(|node| !reached[node.index()]) {
        Some(node) => {
            let node = called("node", node.index(), node.name());
            let message = format!("{node} is below itself");
            Err(vec![Problem::broken(message)])
        }
        None => Ok(worlds),
    }
}

/// The parent of each node.
fn parents(document: &Document) -> Result<Vec<Option<usize>>, Problems> {
    let mut parents = vec![None; document.nodes().len()];
    let mut problems = Problems::new();
    for node in document.nodes() {
        for child in node.children() {
            if let Some(other) = parents[child.index()].replace(node.index()) {
                let child = called("node", child.index(), child.name());
                let message = format!("{child} is below node {other} and node {}", node.index());
                problems.push(Problem::broken(message));
            }
        }
    }
    none(problems)?;
    Ok(parents)
}

/// What a scene begins with is not below something else, and is there once.
fn roots(document: &Document, parents: &[Option<usize>]) -> Problems {
    let mut problems = Problems::new();
    for scene in document.scenes() {
        let mut seen = vec![false; parents.len()];
        for node in scene.nodes() {
            let index = node.index();
            if parents[index].is_some() || std::mem::replace(&mut seen[index], true) {
                let node = called("node", index, node.name());
                let message = format!("{node} is in scene {} twice", scene.index());
                problems.push(Problem::broken(message));
            }
        }
    }
    problems
}

/// Whether what reaches `extent_m` from the middle of a node stays within the scene.
pub(super) fn is_near(world: &Matrix, extent_m: f32) -> bool {
    let finite = world.iter().flatten().all(|n| n.is_finite());
    let reach = |row: usize| {
        let across: f32 = world[..3].iter().map(|column| column[row].abs()).sum();
        across * extent_m + world[3][row].abs()
    };
    finite && (0..3).all(|row| reach(row) <= FARTHEST_M)
}

/// A node that is nowhere, or too far away.
pub(super) fn lost(node: &Node<'_>) -> Problem {
    let node = called("node", node.index(), node.name());
    let message = format!("{node} reaches farther than {FARTHEST_M} m, or nowhere");
    Problem::broken(message)
        .with_hint("look at its transforms and at the model's unit, which is the metre")
}

fn product(a: &Matrix, b: &Matrix) -> Matrix {
    b.map(|column| std::array::from_fn(|row| (0..4).map(|k| a[k][row] * column[k]).sum()))
}
