/** `@cloison/embed/react`: the elements as components. Properties are set as properties, events are `on…`. React 17 and later. */
import { createElement, forwardRef, useEffect, useImperativeHandle, useLayoutEffect, useRef } from 'react';
import type { CSSProperties, ForwardRefExoticComponent, ReactNode, RefAttributes } from 'react';
import type {
  CloisonElement, DrillDetail, ErrorDetail, FilterChangeDetail, FilterValues, HeightDetail, ReadyDetail, TabChangeDetail, Theme, TokenProvider,
} from '../embed/element/public';
import './index';

export interface CloisonProps {
  /** The embed token; without one `tokenProvider` is asked. */
  token?: string | null;
  tokenProvider?: TokenProvider | null;
  /** Where the server is, such as `https://reports.example`. */
  server?: string;
  /** The filters that are not to have their default. A new object with the same values changes nothing. */
  filters?: FilterValues;
  hide?: string[];
  theme?: 'light' | 'dark' | 'auto' | Theme | null;
  locale?: string | null;
  timezone?: string | null;
  tab?: string | null;
  item?: string | null;
  refresh?: number | null;
  untitled?: boolean;
  clickable?: boolean;
  onReady?: (detail: ReadyDetail) => void;
  onFilterChange?: (detail: FilterChangeDetail) => void;
  onTabChange?: (detail: TabChangeDetail) => void;
  /** `event.preventDefault()` keeps the element from following the click. */
  onDrill?: (detail: DrillDetail, event: CustomEvent<DrillDetail>) => void;
  onError?: (detail: ErrorDetail) => void;
  onHeight?: (detail: HeightDetail) => void;
  id?: string;
  className?: string;
  style?: CSSProperties;
}

export type CloisonComponent = ForwardRefExoticComponent<CloisonProps & RefAttributes<CloisonElement>>;

const PROPERTIES = ['server', 'tokenProvider', 'token', 'filters', 'hide', 'theme', 'locale', 'timezone', 'tab', 'item', 'refresh', 'untitled', 'clickable'] as const;
const EVENTS = { ready: 'onReady', 'filter-change': 'onFilterChange', 'tab-change': 'onTabChange', drill: 'onDrill', error: 'onError', height: 'onHeight' } as const;

// On a server there is no layout, and React warns about the wish for one.
const useLayout = typeof document === 'undefined' ? useEffect : useLayoutEffect;

function component(tag: 'cloison-dashboard' | 'cloison-card', name: string): CloisonComponent {
  const made = forwardRef<CloisonElement, CloisonProps>((props, outer): ReactNode => {
    const element = useRef<CloisonElement>(null);
    const given = useRef<CloisonProps>({});
    const latest = useRef(props);
    latest.current = props;
    useImperativeHandle(outer, () => element.current as CloisonElement, []);

    useLayout(() => {
      const target = element.current;
      if (!target) return;
      for (const property of PROPERTIES) {
        if (props[property] === given.current[property]) continue;
        // What is no longer given goes back to what it is without it.
        Reflect.set(target, property, props[property] ?? EMPTY[property] ?? null);
      }
      given.current = props;
    });

    useLayout(() => {
      const target = element.current;
      if (!target) return;
      const hear = (event: Event) => {
        const handler = latest.current[EVENTS[event.type as keyof typeof EVENTS]] as ((detail: unknown, event: Event) => void) | undefined;
        handler?.((event as CustomEvent).detail, event);
      };
      for (const type of Object.keys(EVENTS)) target.addEventListener(type, hear);
      return () => {
        for (const type of Object.keys(EVENTS)) target.removeEventListener(type, hear);
      };
    }, []);

    return createElement(tag, { ref: element, id: props.id, class: props.className, style: props.style });
  });
  made.displayName = name;
  return made;
}

const EMPTY: Partial<Record<(typeof PROPERTIES)[number], unknown>> = { server: '', filters: {}, hide: [], untitled: false, clickable: false };

export const CloisonDashboard: CloisonComponent = component('cloison-dashboard', 'CloisonDashboard');
export const CloisonCard: CloisonComponent = component('cloison-card', 'CloisonCard');

export type * from '../embed/element/public';
