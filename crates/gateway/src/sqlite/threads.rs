//! A fixed number of threads for SQLite, started when first needed.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::error::RunError;

type Work = Box<dyn FnOnce() + Send>;

/// The threads. They end when the last owner is gone.
pub(crate) struct Threads {
    number: usize,
    queue: OnceLock<Mutex<Sender<Work>>>,
}

impl Threads {
    pub(crate) fn new(number: usize) -> Self {
        Self { number: number.max(1), queue: OnceLock::new() }
    }

    /// Puts work into the queue.
    pub(crate) fn run(&self, work: Work) -> Result<(), RunError> {
        let queue = self.queue.get_or_init(|| Mutex::new(start(self.number)));
        let queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue.send(work).map_err(|_| RunError::Unreachable)
    }
}

fn start(number: usize) -> Sender<Work> {
    let (sender, receiver) = channel::<Work>();
    let receiver = Arc::new(Mutex::new(receiver));
    for place in 0..number {
        let receiver = Arc::clone(&receiver);
        let started = std::thread::Builder::new().name(format!("sqlite-{place}")).spawn(move || work(&receiver));
        if started.is_err() {
            tracing::error!(threads = place, "no more threads for SQLite");
            break;
        }
    }
    sender
}

fn work(queue: &Mutex<Receiver<Work>>) {
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(next) = next else { return };
        // A panic ends one query; who waits for it sees the channel close.
        let _ = catch_unwind(AssertUnwindSafe(next));
    }
}
