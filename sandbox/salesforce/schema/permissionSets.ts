// What a user may do: the shipped permission sets, enforced as the org does for a user whose profile grants nothing.
import { all, isTrue, metadataFiles, textOf } from './metadataFiles';
import type { Field, SObject, Verb } from './field';

export interface Rights {
  may(object: SObject, verb: Verb): boolean;
  sees(object: SObject, field: Field): boolean;
  edits(object: SObject, field: Field): boolean;
  readonly customPermissions: ReadonlySet<string>;
}

interface Grant {
  readonly objects: ReadonlyMap<string, ReadonlySet<Verb>>;
  readonly fields: ReadonlyMap<string, { readonly read: boolean; readonly edit: boolean }>;
  readonly custom: ReadonlySet<string>;
}

const VERBS: Readonly<Record<string, Verb>> = { allowRead: 'read', allowCreate: 'create', allowEdit: 'edit', allowDelete: 'delete' };

/** Reads one permission set; undefined when the package has none of that name. */
export function readPermissionSet(folder: string, name: string, namespace: string | undefined): Grant | undefined {
  const file = metadataFiles(folder, 'permissionset').find((one) => one.name === name);
  if (!file) return undefined;
  const named = (path: string): string => path.split('.').map((part) => (namespace && part.endsWith('__c') ? `${namespace}__${part}` : part)).join('.');
  const objects = all(file.root, 'objectPermissions').map((one) => [named(textOf(one, 'object') ?? ''), new Set(Object.entries(VERBS).flatMap(([element, verb]) => (isTrue(one, element) ? [verb] : [])))] as const);
  const fields = all(file.root, 'fieldPermissions').map((one) => [named(textOf(one, 'field') ?? ''), { read: isTrue(one, 'readable'), edit: isTrue(one, 'editable') }] as const);
  const custom = all(file.root, 'customPermissions').filter((one) => isTrue(one, 'enabled')).map((one) => textOf(one, 'name') ?? '');
  return { objects: new Map(objects), fields: new Map(fields), custom: new Set(custom) };
}

/** Rights of a user with this permission set over a profile that grants nothing, as *Minimum Access - API Only Integrations* is. */
export function rightsOf(grant: Grant): Rights {
  const permission = (object: SObject, field: Field): { read: boolean; edit: boolean } | undefined => grant.fields.get(`${object.name}.${field.permission ?? ''}`);
  const mayTouch = (field: Field, object: SObject): boolean => object.rights.of !== 'own' || field.permission === undefined;
  return {
    customPermissions: grant.custom,
    may(object, verb) {
      if (object.rights.of === 'everybody') return verb === 'read';
      // Object Reference: rights on roles and team follow the opportunity; to add or remove one is to edit it.
      if (object.rights.of === 'parent') return grant.objects.get(object.rights.object)?.has(verb === 'read' ? 'read' : 'edit') === true;
      return grant.objects.get(object.name)?.has(verb) === true;
    },
    sees: (object, field) => mayTouch(field, object) || permission(object, field)?.read === true,
    edits: (object, field) => mayTouch(field, object) || permission(object, field)?.edit === true,
  };
}

/** A person with a sales profile: every standard field; what the package adds by its permission set for sellers, or all of it where there is none. */
export function personRights(seller: Grant | undefined): Rights {
  const own = seller && rightsOf(seller);
  return {
    customPermissions: new Set(own?.customPermissions),
    may: (object, verb) => (object.rights.of === 'everybody' ? verb === 'read' : !object.custom || !own || own.may(object, verb)),
    sees: (object, field) => !field.custom || !own || own.sees(object, field),
    edits: (object, field) => !field.custom || !own || own.edits(object, field),
  };
}

/** Rights without any limit, where no permission set was shipped. */
export const allRights = (customPermissions: readonly string[]): Rights => ({ customPermissions: new Set(customPermissions), may: (object, verb) => object.rights.of !== 'everybody' || verb === 'read', sees: () => true, edits: () => true });
