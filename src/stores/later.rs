//! What stores do after the first screen.

use kiosk_core::chat::Chats;
use kiosk_core::form::{Form, Stamp, VisitFacts, outcome_entry};
use kiosk_core::ports::LocalFuture;
use kiosk_wire::feedback::EndedBy;

use super::device::DeviceStore;
use super::outbox::OutboxStore;
use super::ports::Ports;
use super::renewal::RenewalStore;
use super::staff::StaffStore;
use crate::later::chunk;

/// What a visit that ends leaves behind.
pub(super) struct Leaving {
    pub(super) ended_by: EndedBy,
    pub(super) is_released: bool,
    pub(super) chats: Chats,
    pub(super) form: Form,
    pub(super) facts: VisitFacts,
    pub(super) stamps: [Stamp; 2],
}

/// Tasks whose code comes in the chunk.
#[expect(
    clippy::large_types_passed_by_value,
    reason = "handles, as everywhere in stores"
)]
pub(super) trait Tasks {
    fn deliver(&self, outbox: OutboxStore) -> LocalFuture<'static, ()>;
    fn leave(&self, outbox: OutboxStore, leaving: Leaving) -> LocalFuture<'static, ()>;
    fn keep_known(&self, device: DeviceStore) -> LocalFuture<'static, ()>;
    fn beat(&self, device: DeviceStore) -> LocalFuture<'static, bool>;
    fn listen(&self, staff: StaffStore) -> LocalFuture<'static, ()>;
    fn look_at_queue(&self, staff: StaffStore) -> LocalFuture<'static, ()>;
    fn ask_for_code(&self, staff: StaffStore) -> LocalFuture<'static, ()>;
    fn renew(&self, renewal: RenewalStore) -> LocalFuture<'static, ()>;
}

struct Booth;

impl Tasks for Booth {
    fn deliver(&self, outbox: OutboxStore) -> LocalFuture<'static, ()> {
        Box::pin(outbox.run())
    }

    fn leave(&self, outbox: OutboxStore, leaving: Leaving) -> LocalFuture<'static, ()> {
        Box::pin(async move {
            let Leaving {
                ended_by,
                is_released,
                chats,
                form,
                facts,
                stamps: [first, second],
            } = leaving;
            let rating = is_released
                .then(|| form.release(&chats, &facts, first))
                .flatten();
            let outcome = outcome_entry(ended_by, &chats, &facts, second);
            for entry in rating.into_iter().chain([outcome]) {
                // The failure is logged.
                outbox.save(entry).await.ok();
            }
        })
    }

    fn keep_known(&self, device: DeviceStore) -> LocalFuture<'static, ()> {
        Box::pin(device.keep_known())
    }

    fn beat(&self, device: DeviceStore) -> LocalFuture<'static, bool> {
        Box::pin(device.beat(Vec::new()))
    }

    fn listen(&self, staff: StaffStore) -> LocalFuture<'static, ()> {
        Box::pin(staff.keep_listening())
    }

    fn look_at_queue(&self, staff: StaffStore) -> LocalFuture<'static, ()> {
        Box::pin(staff.look_at_queue())
    }

    fn ask_for_code(&self, staff: StaffStore) -> LocalFuture<'static, ()> {
        Box::pin(staff.ask_for_code())
    }

    fn renew(&self, renewal: RenewalStore) -> LocalFuture<'static, ()> {
        Box::pin(renewal.watch())
    }
}

chunk!(booth: fn make_tasks() -> &'static dyn Tasks { &Booth });

/// The tasks, once they are there.
pub(super) async fn tasks(ports: Ports) -> &'static dyn Tasks {
    ports.chunk(make_tasks).await
}
