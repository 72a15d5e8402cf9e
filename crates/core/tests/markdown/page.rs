//! A page that a test can read: it keeps the nodes, and counts what was done to them.

use std::fmt::Write as _;

use kiosk_core::markdown::{Canvas, Drawing, Element, Placed};

/// The root of every page.
pub(crate) const ROOT: usize = 0;

#[derive(Debug)]
enum Content {
    Element(Element),
    Text(String),
}

#[derive(Debug)]
struct Node {
    content: Content,
    children: Vec<usize>,
}

#[derive(Debug)]
pub(crate) struct Page {
    nodes: Vec<Node>,
    /// What was done, one word each.
    pub(crate) operations: Vec<&'static str>,
}

impl Page {
    pub(crate) fn new() -> Self {
        Self {
            nodes: vec![Node {
                content: Content::Element(Element::Quote),
                children: Vec::new(),
            }],
            operations: Vec::new(),
        }
    }

    fn add(&mut self, content: Content) -> usize {
        self.nodes.push(Node {
            content,
            children: Vec::new(),
        });
        self.nodes.len() - 1
    }

    /// The nodes in the order of reading, the root first: what was made anew has another number.
    pub(crate) fn places(&self) -> Vec<usize> {
        let mut places = Vec::new();
        let mut ahead = vec![ROOT];
        while let Some(place) = ahead.pop() {
            places.push(place);
            ahead.extend(self.nodes[place].children.iter().rev());
        }
        places
    }

    /// All texts in the order of reading.
    pub(crate) fn texts(&self) -> String {
        let texts = self
            .places()
            .into_iter()
            .map(|place| match &self.nodes[place].content {
                Content::Text(text) => &**text,
                Content::Element(_) => "",
            });
        texts.collect()
    }

    pub(crate) fn html(&self) -> String {
        let mut html = String::new();
        self.write_children(ROOT, &mut html);
        html
    }

    fn write_children(&self, node: usize, html: &mut String) {
        for child in &self.nodes[node].children {
            self.write(*child, html);
        }
    }

    fn write(&self, node: usize, html: &mut String) {
        let element = match &self.nodes[node].content {
            Content::Text(text) => return html.push_str(&escaped(text)),
            Content::Element(element) => element,
        };
        let tag = tag(element);
        if tag == "br" || tag == "hr" {
            write!(html, "<{tag}>").unwrap();
            return;
        }
        match element {
            Element::OrderedList { start } => write!(html, "<ol start={start}>").unwrap(),
            Element::CodeBlock { language } => {
                write!(html, "<pre lang={}>", escaped(language)).unwrap();
            }
            _ => write!(html, "<{tag}>").unwrap(),
        }
        self.write_children(node, html);
        // Short rows are not filled up here, and are in comrak.
        if tag == "tr" {
            html.truncate(html.trim_end_matches("<td></td>").len());
        }
        write!(html, "</{tag}>").unwrap();
    }

    /// The column names of the cells, in their order.
    pub(crate) fn columns(&self) -> Vec<&str> {
        self.nodes
            .iter()
            .filter_map(|node| match &node.content {
                Content::Element(Element::Cell { column }) => Some(&**column),
                _ => None,
            })
            .collect()
    }
}

fn tag(element: &Element) -> &'static str {
    match element {
        Element::Paragraph => "p",
        Element::Heading(1) => "h1",
        Element::Heading(2) => "h2",
        Element::Heading(3) => "h3",
        Element::Heading(4) => "h4",
        Element::Heading(5) => "h5",
        Element::Heading(_) => "h6",
        Element::BulletList => "ul",
        Element::OrderedList { .. } => "ol",
        Element::Item { .. } => "li",
        Element::CodeBlock { .. } => "pre",
        Element::Quote => "blockquote",
        Element::Table { .. } => "table",
        Element::TableHead => "thead",
        Element::TableBody => "tbody",
        Element::Row => "tr",
        Element::HeadCell => "th",
        Element::Cell { .. } => "td",
        Element::Rule => "hr",
        Element::Strong => "strong",
        Element::Emphasis => "em",
        Element::Strike => "del",
        Element::Code => "code",
        Element::Formula { is_display: false } => "var",
        Element::Formula { is_display: true } => "math",
        Element::Link => "a",
        Element::LinkAddress => "small",
        Element::Break => "br",
    }
}

pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

impl Canvas for Page {
    type Node = usize;

    fn element(&mut self, element: &Element) -> Placed<usize> {
        self.operations.push("element");
        let node = self.add(Content::Element(element.clone()));
        Placed {
            outer: node,
            inner: node,
        }
    }

    fn text(&mut self, text: &str) -> usize {
        assert!(!text.is_empty());
        self.operations.push("text");
        self.add(Content::Text(text.to_owned()))
    }

    fn append(&mut self, parent: &usize, child: &usize) {
        assert!(matches!(self.nodes[*parent].content, Content::Element(_)));
        self.operations.push("append");
        self.nodes[*parent].children.push(*child);
    }

    fn append_text(&mut self, text: &usize, more: &str) {
        self.operations.push("append_text");
        let Content::Text(text) = &mut self.nodes[*text].content else {
            panic!("not a text");
        };
        text.push_str(more);
    }

    fn remove(&mut self, parent: &usize, child: &usize) {
        self.operations.push("remove");
        let children = &mut self.nodes[*parent].children;
        let at = children.iter().position(|other| other == child);
        children.remove(at.unwrap());
    }

    fn clear(&mut self, parent: &usize) {
        self.operations.push("clear");
        self.nodes[*parent].children.clear();
    }
}

/// What a whole text looks like.
pub(crate) fn html(text: &str) -> String {
    let mut page = Page::new();
    Drawing::default().finish(&mut page, &ROOT, text);
    page.html()
}
