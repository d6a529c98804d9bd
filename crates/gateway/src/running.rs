//! What runs for whom, so that it can be stopped when the tenant is.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tenancy::TenantId;
use tokio::sync::watch;

#[derive(Default)]
pub(crate) struct Running(Mutex<HashMap<TenantId, watch::Sender<bool>>>);

/// One running query's ear.
pub(crate) struct Ticket {
    running: Arc<Running>,
    tenant: TenantId,
    stop: Option<watch::Receiver<bool>>,
}

impl Running {
    pub(crate) fn enter(self: &Arc<Self>, tenant: &TenantId) -> Ticket {
        let mut tenants = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let sender = tenants.entry(tenant.clone()).or_insert_with(|| watch::channel(false).0);
        Ticket { running: Arc::clone(self), tenant: tenant.clone(), stop: Some(sender.subscribe()) }
    }

    /// Stops everything of the tenant that is entered now.
    pub(crate) fn stop(&self, tenant: &TenantId) {
        let mut tenants = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = tenants.remove(tenant) {
            sender.send_replace(true);
        }
    }
}

impl Ticket {
    pub(crate) fn is_stopped(&self) -> bool {
        self.stop.as_ref().is_some_and(|stop| *stop.borrow())
    }

    /// Ends when the tenant is stopped.
    pub(crate) fn stopped(&self) -> impl Future<Output = ()> + Send + 'static {
        let stop = self.stop.clone();
        async move {
            if let Some(mut stop) = stop
                && stop.wait_for(|stopped| *stopped).await.is_ok()
            {
                return;
            }
            std::future::pending().await
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut tenants = self.running.0.lock().unwrap_or_else(PoisonError::into_inner);
        self.stop = None;
        if tenants.get(&self.tenant).is_some_and(|sender| sender.receiver_count() == 0) {
            tenants.remove(&self.tenant);
        }
    }
}
