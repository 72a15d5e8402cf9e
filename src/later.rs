//! Code that comes after the first screen, in files of its own.
//!
//! Owns what a chunk is. With the feature `split` the functions declared here are cut out of the app by
//! the build and fetched when first called; without it they are functions like all others.

/// A chunk's function: `chunk!(booth: fn name(argument: Type) -> Type { … })` is asynchronous and answers
/// `None` if the chunk did not come.
macro_rules! chunk {
    ($chunk:ident: fn $name:ident($($arg:ident: $type:ty),*) -> $made:ty $body:block) => {
        async fn $name($($arg: $type),*) -> Option<$made> {
            #[cfg(feature = "split")]
            {
                #[wasm_split_helpers::wasm_split($chunk, fallible)]
                fn $name($($arg: $type),*) -> Result<$made, wasm_split_helpers::SplitLoaderError> {
                    let made: $made = $body;
                    Ok(made)
                }
                $name($($arg),*).await.ok()
            }
            #[cfg(not(feature = "split"))]
            {
                let made: $made = $body;
                Some(made)
            }
        }
    };
}
pub(crate) use chunk;
