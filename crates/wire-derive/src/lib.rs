//! `#[derive(FromJson)]`: reads a type from a tree as the attributes that serde has for it say.
//!
//! serde's own derive makes a visitor for each type, with a loop over members in any order; that is most of what a small page
//! weighs. A tree has its members already: each field is one call (decision 0006).

use proc_macro::TokenStream;
use proc_macro2::TokenStream as Tokens;
use quote::quote;
use syn::ext::IdentExt as _;
use syn::meta::ParseNestedMeta;
use syn::{
    Attribute, Data, DataEnum, DataStruct, DeriveInput, Error, Field, Fields, FieldsNamed, LitStr, Variant,
    parse_macro_input, parse_quote,
};

/// Derives `fengtu_wire::json::FromJson` for a struct with named fields, or an enum of names.
///
/// Of serde's attributes, `rename`, `default` (of a field or of all, each with its own type's default) and `flatten` count; how dates
/// are read is a matter of their types, and members that are not known are skipped, whatever a server's own reader says of them. Any
/// other attribute is refused.
#[proc_macro_derive(FromJson, attributes(serde))]
pub fn from_json(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand(&input).unwrap_or_else(Error::into_compile_error).into()
}

fn expand(input: &DeriveInput) -> syn::Result<Tokens> {
    let name = &input.ident;
    let body = match &input.data {
        Data::Struct(DataStruct { fields: Fields::Named(fields), .. }) => of_fields(input, fields)?,
        Data::Enum(data) => of_names(input, data)?,
        _ => return Err(unfit(input)),
    };
    let mut generics = input.generics.clone();
    for parameter in generics.type_params_mut() {
        parameter.bounds.push(parse_quote!(::fengtu_wire::json::FromJson));
    }
    let (of, types, bounds) = generics.split_for_impl();
    Ok(quote! {
        impl #of ::fengtu_wire::json::FromJson for #name #types #bounds {
            fn from_json(json: &::fengtu_wire::json::Json<'_>) -> Result<Self, ::fengtu_wire::json::Unreadable> {
                #body
            }
        }
    })
}

fn unfit(input: &DeriveInput) -> Error {
    Error::new_spanned(&input.ident, "only structs with named fields and enums of names: read anything else by hand")
}

fn of_fields(input: &DeriveInput, fields: &FieldsNamed) -> syn::Result<Tokens> {
    let name = &input.ident;
    let of_all = is_default(&input.attrs)?;
    let fields = fields.named.iter().map(|field| of_field(field, of_all)).collect::<syn::Result<Vec<_>>>()?;
    Ok(quote! {
        json.expect_object(stringify!(#name))?;
        Ok(Self { #(#fields),* })
    })
}

/// Whether what is absent has its type's default, by what serde is told of the whole type.
fn is_default(attributes: &[Attribute]) -> syn::Result<bool> {
    let mut is_default = false;
    each(attributes, |meta| {
        if is_word(meta, "default") {
            is_default = true;
        } else if !is_word(meta, "deny_unknown_fields") {
            return Err(unknown(meta));
        }
        Ok(())
    })?;
    Ok(is_default)
}

/// Hands over what serde is told.
fn each(attributes: &[Attribute], mut told: impl FnMut(&ParseNestedMeta<'_>) -> syn::Result<()>) -> syn::Result<()> {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("serde"))
        .try_for_each(|attribute| attribute.parse_nested_meta(|meta| told(&meta)))
}

/// Whether it is this word alone, without a value.
fn is_word(meta: &ParseNestedMeta<'_>, word: &str) -> bool {
    meta.path.is_ident(word) && !meta.input.peek(syn::Token![=])
}

fn unknown(meta: &ParseNestedMeta<'_>) -> Error {
    meta.error("no reader from a tree knows this attribute")
}

fn of_field(field: &Field, of_all: bool) -> syn::Result<Tokens> {
    let ident = &field.ident;
    let how = How::of(&field.attrs)?;
    let name = how.name.or_else(|| ident.as_ref().map(|ident| ident.unraw().to_string())).unwrap_or_default();
    Ok(match (how.flatten, how.default || of_all) {
        (true, _) => quote!(#ident: json.read()?),
        (false, true) => quote!(#ident: json.field_or_default(#name)?),
        (false, false) => quote!(#ident: json.field(#name)?),
    })
}

fn of_names(input: &DeriveInput, data: &DataEnum) -> syn::Result<Tokens> {
    let name = &input.ident;
    if is_default(&input.attrs)? {
        return Err(unfit(input));
    }
    let arm = |variant: &Variant| {
        if !matches!(variant.fields, Fields::Unit) {
            return Err(unfit(input));
        }
        let ident = &variant.ident;
        let text = How::of(&variant.attrs)?.name.unwrap_or_else(|| ident.unraw().to_string());
        Ok(quote!(#text => Ok(Self::#ident)))
    };
    let arms = data.variants.iter().map(arm).collect::<syn::Result<Vec<_>>>()?;
    Ok(quote! {
        match json.text(stringify!(#name))? {
            #(#arms,)*
            other => Err(::fengtu_wire::json::Unreadable::unknown(other)),
        }
    })
}

/// How serde's attributes have a field read.
#[derive(Default)]
struct How {
    name: Option<String>,
    default: bool,
    flatten: bool,
}

impl How {
    fn of(attributes: &[Attribute]) -> syn::Result<Self> {
        let mut how = Self::default();
        each(attributes, |meta| {
            if meta.path.is_ident("rename") {
                how.name = Some(meta.value()?.parse::<LitStr>()?.value());
            } else if is_word(meta, "default") {
                how.default = true;
            } else if is_word(meta, "flatten") {
                how.flatten = true;
            } else if meta.path.is_ident("skip_serializing_if") {
                meta.value()?.parse::<LitStr>()?;
            } else if !is_of_dates(meta)? {
                return Err(unknown(meta));
            }
            Ok(())
        })?;
        Ok(how)
    }
}

/// Whether it says how a date is read, as the date's type does here.
fn is_of_dates(meta: &ParseNestedMeta<'_>) -> syn::Result<bool> {
    let is_reader = meta.path.is_ident("with") || meta.path.is_ident("deserialize_with");
    Ok(is_reader && meta.value()?.parse::<LitStr>()?.value().contains("times::"))
}
