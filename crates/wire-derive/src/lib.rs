//! `#[derive(FromJson)]`: reads a type from a tree as the attributes that serde has for it say.
//!
//! serde's own derive makes a visitor for each type, with a loop over members in any order; that is most of what a small page
//! weighs. A tree has its members already: each field is one call (decision 0006).

use proc_macro::TokenStream;
use proc_macro2::TokenStream as Tokens;
use quote::quote;
use syn::{
    Attribute, Data, DataEnum, DataStruct, DeriveInput, Error, Field, Fields, FieldsNamed, Ident, LitStr, Variant,
    parse_macro_input, parse_quote,
};

/// Derives `fengtu_wire::json::FromJson` for a struct with named fields, or an enum of names.
///
/// Of serde's attributes, `rename`, `default` (of a field or of all) and `flatten` count; how dates are read is a matter of their
/// types, and what is not known is skipped whatever a server's own reader says of it.
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
    let of_all = input.attrs.iter().any(is_default);
    let fields = fields.named.iter().map(|field| of_field(field, of_all)).collect::<syn::Result<Vec<_>>>()?;
    Ok(quote! {
        json.expect_object(stringify!(#name))?;
        Ok(Self { #(#fields),* })
    })
}

fn is_default(attribute: &Attribute) -> bool {
    attribute.path().is_ident("serde") && attribute.parse_args::<Ident>().is_ok_and(|word| word == "default")
}

fn of_field(field: &Field, of_all: bool) -> syn::Result<Tokens> {
    let ident = &field.ident;
    let how = How::of(&field.attrs)?;
    let name = how.name.or_else(|| ident.as_ref().map(ToString::to_string)).unwrap_or_default();
    Ok(match (how.flatten, how.default || of_all) {
        (true, _) => quote!(#ident: json.read()?),
        (false, true) => quote!(#ident: json.field_or_default(#name)?),
        (false, false) => quote!(#ident: json.field(#name)?),
    })
}

fn of_names(input: &DeriveInput, data: &DataEnum) -> syn::Result<Tokens> {
    let name = &input.ident;
    let arm = |variant: &Variant| {
        if !matches!(variant.fields, Fields::Unit) {
            return Err(unfit(input));
        }
        let ident = &variant.ident;
        let text = How::of(&variant.attrs)?.name.unwrap_or_else(|| ident.to_string());
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
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
            attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("rename") {
                    how.name = Some(meta.value()?.parse::<LitStr>()?.value());
                } else if meta.path.is_ident("default") {
                    how.default = true;
                } else if meta.path.is_ident("flatten") {
                    how.flatten = true;
                } else if ["skip_serializing_if", "with", "deserialize_with"]
                    .iter()
                    .any(|known| meta.path.is_ident(known))
                {
                    meta.value()?.parse::<LitStr>()?;
                } else {
                    return Err(meta.error("no reader from a tree knows this attribute"));
                }
                Ok(())
            })?;
        }
        Ok(how)
    }
}
