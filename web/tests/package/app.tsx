/** A host application, as one is written: it is type-checked and bundled against the package. */
import { CloisonCard, CloisonDashboard, type CloisonElement, type FilterValues } from '@cloison/embed/react';
import { StrictMode, useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';

declare global {
  interface Window {
    told: string[];
  }
}

const search = new URLSearchParams(location.search);
const server = search.get('server') ?? '';
window.told = [];

function App() {
  const [shown, show] = useState(true);
  const [filters, setFilters] = useState<FilterValues>({ period: 'past7days' });
  const [renders, render] = useState(0);
  const dashboard = useRef<CloisonElement>(null);
  return (
    <main>
      <h1>Portal</h1>
      <button onClick={() => render(renders + 1)}>Render {renders}</button>
      <button onClick={() => setFilters({ period: 'past30days' })}>Month</button>
      <button onClick={() => show(false)}>Leave</button>
      <button onClick={() => dashboard.current?.reset()}>Defaults</button>
      {shown && (
        <>
          <CloisonDashboard
            ref={dashboard}
            className="wide"
            server={server}
            tokenProvider={async ({ reason }) => (await fetch(`/token?reason=${reason}`)).text()}
            filters={{ ...filters }}
            hide={['course']}
            theme={{ primary: '#0f766e', radius: 4 }}
            onReady={({ name }) => window.told.push(`ready ${name} ${renders}`)}
            onFilterChange={({ changed }) => window.told.push(`changed ${changed.join()} ${renders}`)}
            onError={({ code, item }) => window.told.push(`error ${code} ${String(item)}`)}
          />
          <CloisonCard server={server} token="plain" item="kinds" style={{ display: 'block', height: 300 }} />
        </>
      )}
    </main>
  );
}

// @ts-expect-error a theme has no such mode
export const wrong = <CloisonDashboard theme="blue" />;

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
