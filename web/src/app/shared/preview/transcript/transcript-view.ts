import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { CodeView } from '../code-view';
import { readTranscript } from './read-transcript';

/** What an agent was asked, answered and did, as a conversation; calls of tools and their results are folded. */
@Component({
  selector: 'o-transcript',
  imports: [CodeView],
  templateUrl: './transcript-view.html',
  styleUrl: './transcript-view.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TranscriptView {
  readonly source = input.required<string>();
  readonly name = input('');
  protected readonly transcript = computed(() => readTranscript(this.source()));
}
