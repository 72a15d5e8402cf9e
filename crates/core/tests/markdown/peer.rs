//! What comrak makes of a text, written the way our page is.
//!
//! What is the same everywhere on our page is done here: a soft break is a line break, a picture is
//! its words, a link shows its address, an item's first paragraph has no element, HTML is text.

use std::fmt::Write as _;

use comrak::nodes::{AstNode, ListType, NodeValue};
use comrak::{Arena, Options, parse_document};

use crate::page::escaped;

pub(crate) fn html(text: &str) -> String {
    let mut options = Options::default();
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.cjk_friendly_emphasis = true;
    let arena = Arena::new();
    // To comrak an item without text is none if the file ends there without a line end.
    let end = if text.ends_with('\n') { "" } else { "\n" };
    let root = parse_document(&arena, &format!("{text}{end}"), &options);
    let mut html = String::new();
    write_children(root, &mut html);
    html
}

fn write_children<'a>(node: &'a AstNode<'a>, html: &mut String) {
    for child in node.children() {
        write_node(child, html);
    }
}

fn wrap<'a>(tag: &str, node: &'a AstNode<'a>, html: &mut String) {
    write!(html, "<{tag}>").unwrap();
    write_children(node, html);
    write!(html, "</{tag}>").unwrap();
}

fn write_node<'a>(node: &'a AstNode<'a>, html: &mut String) {
    match &node.data().value {
        NodeValue::Paragraph => wrap("p", node, html),
        NodeValue::Heading(heading) => wrap(&format!("h{}", heading.level), node, html),
        NodeValue::BlockQuote => wrap("blockquote", node, html),
        NodeValue::List(list) => {
            let tag = if list.list_type == ListType::Bullet {
                "ul"
            } else {
                "ol"
            };
            match list.list_type {
                ListType::Bullet => html.push_str("<ul>"),
                ListType::Ordered => write!(html, "<ol start={}>", list.start).unwrap(),
            }
            write_children(node, html);
            write!(html, "</{tag}>").unwrap();
        }
        NodeValue::Item(_) => {
            html.push_str("<li>");
            for (at, child) in node.children().enumerate() {
                if at == 0 && matches!(child.data().value, NodeValue::Paragraph) {
                    write_children(child, html);
                } else {
                    write_node(child, html);
                }
            }
            html.push_str("</li>");
        }
        NodeValue::CodeBlock(code) => {
            let language = code.info.split_whitespace().next().unwrap_or_default();
            let text = code.literal.strip_suffix('\n').unwrap_or(&code.literal);
            write!(
                html,
                "<pre lang={}>{}</pre>",
                escaped(language),
                escaped(text)
            )
            .unwrap();
        }
        NodeValue::ThematicBreak => html.push_str("<hr>"),
        NodeValue::Table(_) => {
            html.push_str("<table>");
            for (at, row) in node.children().enumerate() {
                html.push_str(["<thead>", "<tbody>", ""][at.min(2)]);
                write_row(row, if at == 0 { "th" } else { "td" }, html);
                html.push_str(if at == 0 { "</thead>" } else { "" });
            }
            let has_body = node.children().nth(1).is_some();
            html.push_str(if has_body {
                "</tbody></table>"
            } else {
                "</table>"
            });
        }
        NodeValue::Text(text) => html.push_str(&escaped(text)),
        NodeValue::SoftBreak | NodeValue::LineBreak => html.push_str("<br>"),
        NodeValue::Code(code) => write!(html, "<code>{}</code>", escaped(&code.literal)).unwrap(),
        NodeValue::HtmlInline(markup) => match &**markup {
            "<br>" | "<br/>" | "<br />" => html.push_str("<br>"),
            markup => html.push_str(&escaped(markup).replace('\n', "<br>")),
        },
        NodeValue::HtmlBlock(block) => {
            write!(html, "<html>{}</html>", escaped(&block.literal)).unwrap();
        }
        NodeValue::Strong => wrap("strong", node, html),
        NodeValue::Emph => wrap("em", node, html),
        NodeValue::Strikethrough => wrap("del", node, html),
        NodeValue::Link(link) => {
            wrap("a", node, html);
            let words = words(node);
            if words != link.url && !link.url.is_empty() {
                write!(html, "<small> ({})</small>", escaped(&link.url)).unwrap();
            }
        }
        NodeValue::Image(_) => html.push_str(&escaped(&words(node))),
        other => panic!("not asked for: {other:?}"),
    }
}

fn write_row<'a>(row: &'a AstNode<'a>, tag: &str, html: &mut String) {
    html.push_str("<tr>");
    for cell in row.children() {
        wrap(tag, cell, html);
    }
    html.truncate(html.trim_end_matches("<td></td>").len());
    html.push_str("</tr>");
}

fn words<'a>(node: &'a AstNode<'a>) -> String {
    let mut words = String::new();
    for node in node.descendants() {
        match &node.data().value {
            NodeValue::Text(text) => words.push_str(text),
            NodeValue::Code(code) => words.push_str(&code.literal),
            NodeValue::HtmlInline(markup) => words.push_str(markup),
            NodeValue::SoftBreak | NodeValue::LineBreak => words.push(' '),
            _ => {}
        }
    }
    words
}
