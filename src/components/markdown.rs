//! Shows an answer's blocks. Nothing in it can be followed or loaded, and markup of a model is text.

use kiosk_core::markdown::{Block, inline::Inline, parse};
use leptos::prelude::*;

use super::show::for_each;

/// The blocks of a text that may still grow: only blocks that changed are made anew.
#[component]
pub fn Markdown(text: Signal<String>) -> impl IntoView {
    let blocks = Memo::new(move |_| text.with(|text| parse(text)));
    let places = Signal::derive(move || {
        blocks.with(|blocks| (0..).zip(blocks).map(|(place, _)| place).collect())
    });
    for_each(places, move |place| {
        let block = Memo::new(move |_| {
            blocks.with(|blocks| blocks.get(usize::try_from(place).ok()?).cloned())
        });
        view! { {move || block.get().map(block_view)} }.into_any()
    })
}

fn block_view(block: Block) -> AnyView {
    match block {
        Block::Paragraph(text) => view! { <p>{inline_views(text)}</p> }.into_any(),
        Block::Heading { level: 1 | 2, text } => view! { <h3>{inline_views(text)}</h3> }.into_any(),
        Block::Heading { level: 3, text } => view! { <h4>{inline_views(text)}</h4> }.into_any(),
        Block::Heading { text, .. } => view! { <h5>{inline_views(text)}</h5> }.into_any(),
        Block::List {
            start: Some(start),
            items,
        } => view! { <ol start=start.to_string()>{item_views(items)}</ol> }.into_any(),
        Block::List { start: None, items } => view! { <ul>{item_views(items)}</ul> }.into_any(),
        Block::Code { text, .. } => {
            view! { <pre tabindex="0"><code>{text}</code></pre> }.into_any()
        }
        Block::Quote(blocks) => view! { <blockquote>{block_views(blocks)}</blockquote> }.into_any(),
        Block::Table { head, rows } => table_view(head, rows),
        Block::Rule => view! { <hr /> }.into_any(),
    }
}

fn block_views(blocks: Vec<Block>) -> Vec<AnyView> {
    blocks.into_iter().map(block_view).collect()
}

fn item_views(items: Vec<Vec<Block>>) -> Vec<AnyView> {
    items
        .into_iter()
        .map(|item| view! { <li>{item_view(item)}</li> }.into_any())
        .collect()
}

/// The first paragraph of an item stands beside its mark, without a paragraph's distance.
fn item_view(item: Vec<Block>) -> Vec<AnyView> {
    item.into_iter()
        .enumerate()
        .map(|(at, block)| match block {
            Block::Paragraph(text) if at == 0 => inline_views(text).into_any(),
            block => block_view(block),
        })
        .collect()
}

fn table_view(head: Vec<Vec<Inline>>, rows: Vec<Vec<Vec<Inline>>>) -> AnyView {
    let names: Vec<String> = head.iter().map(|cell| plain(cell)).collect();
    let head: Vec<_> = head
        .into_iter()
        .map(|cell| view! { <th scope="col">{inline_views(cell)}</th> }.into_any())
        .collect();
    let row_view = move |row: Vec<Vec<Inline>>| {
        let cells: Vec<_> = row
            .into_iter()
            .zip(&names)
            // On a narrow screen rows become lists that name their columns.
            .map(|(cell, name)| {
                view! { <td data-th=name.clone()>{inline_views(cell)}</td> }.into_any()
            })
            .collect();
        view! { <tr>{cells}</tr> }.into_any()
    };
    let rows: Vec<_> = rows.into_iter().map(row_view).collect();
    view! {
        <div class="scroll-x" tabindex="0">
            <table>
                <thead>
                    <tr>{head}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn inline_views(text: Vec<Inline>) -> Vec<AnyView> {
    text.into_iter().map(inline_view).collect()
}

fn inline_view(piece: Inline) -> AnyView {
    match piece {
        Inline::Text(text) => text.into_any(),
        Inline::Strong(text) => view! { <strong>{inline_views(text)}</strong> }.into_any(),
        Inline::Emphasis(text) => view! { <em>{inline_views(text)}</em> }.into_any(),
        Inline::Strike(text) => view! { <del>{inline_views(text)}</del> }.into_any(),
        Inline::Code(text) => view! { <code>{text}</code> }.into_any(),
        Inline::Link { text, url } => {
            let is_same = plain(&text) == url;
            view! {
                <span class="link">{inline_views(text)}</span>
                {(!is_same).then(|| view! { <span class="link-url">" (" {url} ")"</span> }.into_any())}
            }
            .into_any()
        }
        Inline::Break => view! { <br /> }.into_any(),
    }
}

fn plain(text: &[Inline]) -> String {
    text.iter()
        .map(|piece| match piece {
            Inline::Text(text) | Inline::Code(text) => text.clone(),
            Inline::Strong(text)
            | Inline::Emphasis(text)
            | Inline::Strike(text)
            | Inline::Link { text, .. } => plain(text),
            Inline::Break => " ".to_owned(),
        })
        .collect()
}
