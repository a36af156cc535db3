import { type QueryClient, QueryClientProvider, useQueryClient } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { followEvents } from '../api/events.js';
import { useSession } from '../session/session.js';
import { Language } from '../text/language.js';
import { Loading } from '../ui/states.js';
import { ToastRegion } from '../ui/toasts.js';
import { newQueryClient, Refresher } from './queries.js';
import { newRouter } from './router.js';

const SignIn = lazy(() =>
  import('../screens/sign-in/sign-in.screen.js').then(({ SignInScreen }) => ({ default: SignInScreen })),
);

/** The console: whoever is not signed in sees how to, at whatever address; the address stays for after it. */
export function App(): ReactNode {
  const [queries] = useState(newQueryClient);
  const { administrator } = useSession();
  return (
    <Language>
      <QueryClientProvider client={queries}>
        {/* Nobody sees, or takes back, what somebody else has done before in this page. */}
        <ToastRegion key={administrator?.id}>
          <SignedInOrNot />
        </ToastRegion>
      </QueryClientProvider>
    </Language>
  );
}

function SignedInOrNot(): ReactNode {
  const { administrator } = useSession();
  const queries = useQueryClient();
  const [router] = useState(() => newRouter(queries));
  const isSignedIn = administrator !== undefined;
  useEffect(() => (isSignedIn ? follow(queries) : undefined), [isSignedIn, queries]);
  return <Suspense fallback={<Loading />}>{isSignedIn ? <RouterProvider router={router} /> : <SignIn />}</Suspense>;
}

/** Keeps what is shown up to date while somebody is signed in. @returns ends it */
function follow(queries: QueryClient): () => void {
  const refresher = new Refresher(queries);
  const stop = new AbortController();
  void followEvents({ event: (event) => refresher.note(event), reset: () => refresher.all() }, stop.signal);
  return () => stop.abort();
}
