//! What assistive technology is told: roles and names as the browser computes them.

use reqwest::Method;
use serde_json::{Value, json};
use thirtyfour::common::command::FormatRequestData;
use thirtyfour::{ElementId, RequestData, SessionId};

use super::read::IN_THE_MIDDLE;
use super::wait::PATIENCE;
use super::{Browser, id};
use crate::{Error, Result, place};

/// Answers one line for each violation: rule, element, what to do.
const RUN: &str = "
    const done = arguments[arguments.length - 1];
    axe.run(document, {
      resultTypes: ['violations'],
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    }).then(
      ({ violations }) => done(violations.flatMap(({ id, nodes }) => nodes.map((node) =>
        `${id}: ${node.html.slice(0, 200)} ${node.failureSummary}`))),
      (error) => done([`axe failed: ${error}`]))";

impl Browser {
    /// Role and name of the first element of a selector. A control behind its label may be
    /// invisible itself.
    pub async fn role_and_name(&self, selector: &str) -> Result<(String, String)> {
        let element = self
            .wait(selector, PATIENCE, || self.found(IN_THE_MIDDLE, selector))
            .await?;
        let computed = async |what| {
            let asked = Computed(element.element_id(), what);
            let answer: Value = self.web.cmd(asked).await?.value()?;
            Result::Ok(answer.as_str().unwrap_or_default().to_owned())
        };
        Ok((computed("role").await?, computed("label").await?))
    }

    /// Fails unless every control of these test ids has this role and a name.
    pub async fn expect_controls(&self, role: &str, names: &[&str]) -> Result<()> {
        for name in names {
            // Firefox builds its tree for assistive technology only when it is first asked.
            let is_so = || async {
                let (found, label) = self.role_and_name(&id(name)).await?;
                Ok((found == role && !label.trim().is_empty()).then_some(()))
            };
            self.wait(&format!("{name} as a {role} with a name"), PATIENCE, is_so)
                .await?;
        }
        Ok(())
    }

    /// Fails on anything axe finds wrong on the page as it is now.
    pub async fn expect_accessible(&self, what: &str) -> Result<()> {
        if self.script("return typeof axe").await? == "undefined" {
            let file = place::given("AXE").ok_or_else(|| {
                Error::Unexpected("AXE does not say where axe.min.js is".to_owned())
            })?;
            self.script(&std::fs::read_to_string(file)?).await?;
        }
        let found = self.web.execute_async(RUN, Vec::new()).await?;
        let found: Vec<String> = serde_json::from_value(found.json().clone())?;
        if found.is_empty() {
            return Ok(());
        }
        Err(Error::Unexpected(format!(
            "{what}: {}",
            json!(found).to_string().replace("\\n", " ")
        )))
    }
}

/// `role` or `label` of an element in the accessibility tree.
#[derive(Debug)]
struct Computed(ElementId, &'static str);

impl FormatRequestData for Computed {
    fn format_request(&self, session: &SessionId) -> RequestData {
        let Self(element, what) = self;
        let path = format!("/session/{session}/element/{element}/computed{what}");
        RequestData::new(Method::GET, path)
    }
}
