//! Windows.

use super::{Lowered, Lowerer};
use crate::tree::{Bound, Frame, Over, Window};
use sqlparser::ast;

impl Lowerer<'_> {
    pub(super) fn named_window(&mut self, window: &ast::NamedWindowDefinition) -> Lowered<(String, Window)> {
        let ast::NamedWindowDefinition(name, definition) = window;
        let name = self.name(name)?;
        match definition {
            ast::NamedWindowExpr::NamedWindow(_) => self.refuse("a window needs brackets"),
            ast::NamedWindowExpr::WindowSpec(spec) => Ok((name, self.window(spec)?)),
        }
    }

    pub(super) fn over(&mut self, over: &ast::WindowType) -> Lowered<Over> {
        match over {
            ast::WindowType::NamedWindow(name) => self.name(name).map(Over::Named),
            ast::WindowType::WindowSpec(spec) => self.window(spec).map(Over::Spec),
        }
    }

    fn window(&mut self, spec: &ast::WindowSpec) -> Lowered<Window> {
        let ast::WindowSpec { window_name, partition_by, order_by, window_frame } = spec;
        Ok(Window {
            base: self.maybe(window_name.as_ref(), Self::name)?,
            partition_by: self.exprs(partition_by)?,
            order_by: self.orders(order_by)?,
            frame: self.maybe(window_frame.as_ref(), Self::frame)?,
        })
    }

    fn frame(&mut self, frame: &ast::WindowFrame) -> Lowered<Frame> {
        let ast::WindowFrame { units, start_bound, end_bound } = frame;
        let unit = match units {
            ast::WindowFrameUnits::Rows => "ROWS",
            ast::WindowFrameUnits::Range => "RANGE",
            ast::WindowFrameUnits::Groups => "GROUPS",
        };
        Ok(Frame { unit, start: self.bound(start_bound)?, end: self.maybe(end_bound.as_ref(), Self::bound)? })
    }

    fn bound(&mut self, bound: &ast::WindowFrameBound) -> Lowered<Bound> {
        let mut distance = |expr: &Option<Box<ast::Expr>>| -> Lowered<Option<Box<crate::tree::Expr>>> {
            expr.as_ref().map(|expr| self.boxed(expr)).transpose()
        };
        Ok(match bound {
            ast::WindowFrameBound::CurrentRow => Bound::Current,
            ast::WindowFrameBound::Preceding(expr) => Bound::Preceding(distance(expr)?),
            ast::WindowFrameBound::Following(expr) => Bound::Following(distance(expr)?),
        })
    }
}
