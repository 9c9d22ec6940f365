// The pages' own icons: thin lines on a grid of 20, drawn for the try-out.

/** Path data by name; `f:` in front means filled, not drawn. */
const PATHS = {
  add: 'M10 3v14M3 10h14',
  arrowBack: 'M9 4l-6 6 6 6M3 10h14',
  asset: 'M4 4h12v12H4zM4 8h12',
  bell: 'M5 13V9a5 5 0 0 1 10 0v4l1.5 2h-13zM8.5 17.5h3',
  box: 'M10 2.5l7 3.5v8l-7 3.5L3 14V6zM3 6l7 3.5L17 6M10 9.5v8',
  branch: 'M6 7v6M6 7a2 2 0 1 0 0-4 2 2 0 0 0 0 4zm0 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM14 13V8.5a2.5 2.5 0 0 0-2.5-2.5H9.5m2-2.2L9.3 6l2.2 2.2M14 17a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
  bulb: 'M7.5 13.5C6 12.3 5 10.8 5 8.8a5 5 0 0 1 10 0c0 2-1 3.5-2.500 4.700zM7.800 16h4.400M8.500 18h3',
  check: 'M3.500 10.500l4.200 4.200L16.500 6',
  chevronDown: 'M4.500 7.500L10 13l5.500-5.500',
  chevronRight: 'M7.500 4.500L13 10l-5.500 5.500',
  circle: 'M10 15.500a5.500 5.500 0 1 0 0-11 5.500 5.500 0 0 0 0 11z',
  clock: 'M10 17.500a7.500 7.500 0 1 0 0-15 7.500 7.500 0 0 0 0 15zM10 5.500V10l3 2',
  close: 'M4.500 4.500l11 11M15.500 4.500l-11 11',
  dashboard: 'M3 3h6v8H3zM11 3h6v5h-6zM11 10h6v7h-6zM3 13h6v4H3z',
  edit: 'M12.500 4.500l3 3L6.500 16.500 3 17l.500-3.500zM14 3l3 3',
  failed: 'M10 17.500a7.500 7.500 0 1 0 0-15 7.500 7.500 0 0 0 0 15zM7.300 7.300l5.400 5.400M12.700 7.300l-5.400 5.400',
  filter: 'M3 4h14l-5.500 6.500V17l-3-2v-4.500z',
  flask: 'M8 2.500h4M8.700 2.500v5L4.300 15.600A1.500 1.500 0 0 0 5.700 17.800h8.600a1.500 1.500 0 0 0 1.400-2.200L11.300 7.500v-5M6.500 12.500h7',
  gear: 'M10 12.700a2.700 2.700 0 1 0 0-5.400 2.700 2.700 0 0 0 0 5.400zM8.700 2.500h2.600l.4 2 1.500.7 1.800-1 1.800 1.900-1.100 1.700.6 1.500 2 .5v2.500l-2 .4-.6 1.500 1.100 1.800-1.800 1.800-1.800-1.100-1.500.6-.4 2.200H8.700l-.4-2.200-1.500-.6-1.800 1.100L3.200 16l1.100-1.800-.6-1.500-2-.4V9.800l2-.5.6-1.500-1.100-1.700L5 4.200l1.800 1 1.500-.7z',
  home: 'M3 9.500L10 3.500l7 6M5 8.500V17h3.500v-4.500h3V17H15V8.500',
  insights: 'M3 3v14h14M6 13l3.500-4 3 2.500L17 6',
  leads: 'M7 9a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2 17c0-3 2-5 5-5 1 0 2 .2 2.800.7M14 12a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM10.500 17.500c0-2.500 1.500-4 3.500-4s3.500 1.500 3.500 4',
  lock: 'M5 9h10v8H5zM7 9V6.500a3 3 0 0 1 6 0V9',
  mail: 'M14 10a4 4 0 1 0-1.500 3.100M14 6v5.500a2 2 0 0 0 3.500 0A7.500 7.500 0 1 0 14 16.300',
  money: 'M2.500 5.500h15v9h-15zM10 12.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM5 8v4M15 8v4',
  more: 'f:M4 8.800a1.200 1.200 0 1 1 0 2.400 1.200 1.200 0 0 1 0-2.400zm6 0a1.200 1.200 0 1 1 0 2.400 1.200 1.200 0 0 1 0-2.400zm6 0a1.200 1.200 0 1 1 0 2.400 1.200 1.200 0 0 1 0-2.400z',
  open: 'M11 4h6v6M17 4l-7.500 7.500M8.500 5H3v12h12v-5.500',
  person: 'M10 10a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM3.500 17.500c.5-3.500 3-5 6.500-5s6 1.500 6.500 5',
  pin: 'M12 3l5 5-2 .7-3 3-.5 3.300-5-5 3.300-.5 3-3zM6.800 13.200L3 17',
  referrals: 'M7 6.500a3.500 3.500 0 1 0 0 7M2.500 10h8M8.500 7.500L11 10l-2.500 2.500M13 6h4.500M14 10h3.500M13 14h4.500',
  refresh: 'M16 10a6 6 0 1 1-2-4.500M14.500 2.500v3.300h-3.300',
  save: 'M3.500 3.500h11l2 2v11h-13zM6 3.500v4h7v-4M6 16.500v-5h8v5',
  saveClose: 'M2.500 2.500h9l1.500 1.500v3M2.500 2.500v10.500h4M5 2.500v3h5v-3M8.500 10l2 2M17.500 9l-6 8.500-3-3',
  search: 'M8.500 14a5.500 5.500 0 1 0 0-11 5.500 5.500 0 0 0 0 11zM12.500 12.500L17 17',
  sync: 'M16.500 8.500A6.800 6.800 0 0 0 4 7.200M3.500 3.500v4h4M3.500 11.500A6.800 6.800 0 0 0 16 12.800M16.500 16.500v-4h-4',
  trend: 'M2.500 14.500L8 9l3.500 3.500 6-6.500M13 6h4.500v4.500',
  trophy: 'M6 3h8v5a4 4 0 0 1-8 0zM6 4.500H3V6a3 3 0 0 0 3 3M14 4.500h3V6a3 3 0 0 1-3 3M10 12v3M6.500 17.500h7M8 15h4v2.500H8z',
  waffle: 'f:M3 3h3v3H3zm5.500 0h3v3h-3zM14 3h3v3h-3zM3 8.500h3v3H3zm5.500 0h3v3h-3zm5.500 0h3v3h-3zM3 14h3v3H3zm5.500 0h3v3h-3zm5.500 0h3v3h-3z',
  warning: 'M10 3L18 17H2zM10 8v4.500M10 14.300v.8',
} as const;

export type IconName = keyof typeof PATHS;

/** Decoration: what it means stands beside it in words. */
export function Icon({ name, size = 16, turning }: { readonly name: IconName; readonly size?: number; readonly turning?: boolean }): JSX.Element {
  const path: string = PATHS[name];
  const isFilled = path.startsWith('f:');
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" focusable="false" className={turning ? 'turning' : undefined} fill={isFilled ? 'currentColor' : 'none'} stroke={isFilled ? 'none' : 'currentColor'} strokeWidth={1.3} strokeLinecap="round" strokeLinejoin="round">
      <path d={path.replace(/^f:/, '')} />
    </svg>
  );
}
