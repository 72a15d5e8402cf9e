//! The kiosk and its peers in front of one model.

use std::path::Path;
use std::time::Duration;

use super::client::Target;
use crate::error::Result;
use crate::kiosk::Kiosk;
use crate::mock::{Mock, Script};
use crate::peer;
use crate::process::Server;

pub(super) struct Stand {
    pub(super) model: String,
    pub(super) kiosk: Kiosk,
    pub(super) nginx: Server,
    pub(super) direct: Target,
    pub(super) beside: Target,
    _folders: (tempfile::TempDir, tempfile::TempDir),
}

impl Stand {
    /// In front of a model that says so many words at a pace.
    pub(super) async fn start(program: &Path, words: usize, pace: Duration) -> Result<Self> {
        let folders = (tempfile::tempdir()?, tempfile::tempdir()?);
        let model = Mock::start(Script::words(words, pace)).await?.address;
        let kiosk = Kiosk::with_models(program, folders.0.path(), &[("skt", &model)]).await?;
        let (nginx, nginx_url) = peer::reverse_proxy(folders.1.path(), &model).await?;
        Ok(Self {
            kiosk,
            nginx,
            direct: Target::new(&model, None),
            beside: Target::new(&nginx_url, None),
            model,
            _folders: folders,
        })
    }

    /// The kiosk, as so many tablets ask it.
    pub(super) async fn tablets(&self, count: usize) -> Result<Vec<Target>> {
        let mut tablets = Vec::new();
        for number in 0..count {
            let token = self.kiosk.tablet(&format!("bench-{number}")).await?;
            tablets.push(Target::new(&self.kiosk.url, Some(token)));
        }
        Ok(tablets)
    }
}
