import { Location } from '@angular/common';
import { inject, Injectable } from '@angular/core';
import { Router } from '@angular/router';

/** Addresses of artifacts in the console. */
@Injectable({ providedIn: 'root' })
export class ArtifactLink {
  private readonly router = inject(Router);
  private readonly location = inject(Location);

  /** The page that shows one version of an artifact, as a path on this server. */
  pathOf(runId: string, artifact: string): string {
    const tree = this.router.createUrlTree(['/runs', runId, 'artifacts'], { queryParams: { artifact } });
    return this.location.prepareExternalUrl(this.router.serializeUrl(tree));
  }

  /** The same as an address that can be sent to somebody. */
  addressOf(runId: string, artifact: string): string {
    return new URL(this.pathOf(runId, artifact), document.baseURI).href;
  }
}
